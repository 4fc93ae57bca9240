package io.ottla.broker;

import static org.awaitility.Awaitility.await;

import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole broker shows. */
class BrokerMetricsTest {
    @TempDir
    Path folder;

    @Test
    @Moves("kafka_server_kafkaserver_uptimems")
    void shouldShowHowLongItServes(Movement movement) throws Exception {
        try (TestingZooKeeper zooKeeper = new TestingZooKeeper();
                TestingBroker ottla = new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of())) {
            movement.watch(ottla.metrics());
            await().until(() -> movement.sees("kafka_server_kafkaserver_uptimems"));
        }
    }
}
