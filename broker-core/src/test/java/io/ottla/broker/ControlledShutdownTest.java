package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.TestingLines;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that stops while it leads something. */
final class ControlledShutdownTest {
    private static final String ENABLE = "controlled.shutdown.enable";
    private static final Map<String, String> BRIEF =
            Map.of("controlled.shutdown.max.retries", "3", "controlled.shutdown.retry.backoff.ms", "20");

    @TempDir
    Path folder;

    /** What a broker says that stops while the other one lacks what it has. */
    private List<String> linesOfALeaderThatStopsAlone(Map<String, String> settings) throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 2, settings);
                Admin admin = cluster.admin()) {
            cluster.create(
                    admin, "events", Map.of(0, List.of(1, 2)), Map.of("follower.replication.throttled.replicas", "*"));
            cluster.stop(2);
            TestingCluster.awaitInSync(admin, "events", Set.of(1));
            try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "1"))) {
                for (int i = 0; i < 50; i++) {
                    producer.send(new ProducerRecord<>("events", 0, null, new byte[9_000]))
                            .get();
                }
            }
            cluster.start(2, Map.of("follower.replication.throttled.rate", "1", "replica.fetch.max.bytes", "10000"));
            assertThat(TestingCluster.inSync(admin, "events", 0)).containsExactly(1);
            try (TestingLines lines = TestingLines.of(BrokerParts.class)) {
                cluster.stop(1);
                return lines.all();
            }
        }
    }

    @Test
    void shouldSayWhatNobodyTakesOver() throws Exception {
        assertThat(linesOfALeaderThatStopsAlone(BRIEF))
                .filteredOn(line -> line.startsWith("WARN"))
                .singleElement()
                .asString()
                .contains("within 60 ms: 1 partition [events-0].");
    }

    @Test
    void shouldNotWaitForOthersWhereItNeedNot() throws Exception {
        Map<String, String> settings = new HashMap<>(BRIEF);
        settings.put(ENABLE, "false");
        assertThat(linesOfALeaderThatStopsAlone(settings)).noneMatch(line -> line.startsWith("WARN"));
    }
}
