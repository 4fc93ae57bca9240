package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of replication that are changed while brokers run. */
final class ReplicationSettingsTest {
    private static final String THROTTLE = "follower.replication.throttled.rate";

    @TempDir
    Path folder;

    @Test
    void shouldFetchAsFastAsARunningBrokerIsAllowedTo() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 2, Map.of("replica.fetch.max.bytes", "10000"));
                Admin admin = cluster.admin()) {
            // given  a follower that lacks what takes a hundred fetches, and may make one in eleven seconds
            cluster.create(
                    admin, "events", Map.of(0, List.of(1, 2)), Map.of("follower.replication.throttled.replicas", "*"));
            cluster.stop(2);
            TestingCluster.awaitInSync(admin, "events", Set.of(1));
            produce(cluster, 100);
            cluster.start(2, Map.of(THROTTLE, "1"));
            assertThat(TestingCluster.inSync(admin, "events", 0)).containsExactly(1);

            // when   it may fetch faster, and over more connections
            alter(admin, "2", Map.of(THROTTLE, "1000000000", "num.replica.fetchers", "3"));

            // then   it has caught up in no time
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
        }
    }

    private static void produce(TestingCluster cluster, int count) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "1", "batch.size", 0))) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sent.add(producer.send(new ProducerRecord<>("events", 0, null, new byte[9_000])));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        }
    }

    private static void alter(Admin admin, String broker, Map<String, String> settings) throws Exception {
        List<AlterConfigOp> set = settings.entrySet().stream()
                .map(one -> new AlterConfigOp(new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.BROKER, broker), set))
                .all()
                .get();
    }
}
