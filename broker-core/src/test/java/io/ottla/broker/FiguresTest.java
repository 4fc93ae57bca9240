package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What brokers tell one another of their metrics. */
final class FiguresTest {
    private static final String MESSAGES = "kafka_server_brokertopicmetrics_messagesin_total";

    @TempDir
    Path folder;

    @Test
    void shouldTellFromAnyBrokerWhatAllOfThemCount() throws Exception {
        try (TestingCluster cluster = new TestingCluster(folder, 3, Map.of());
                Admin admin = cluster.admin()) {
            // given  records at broker 2 alone
            cluster.create(admin, "events", Map.of(0, List.of(2)), Map.of());
            try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of())) {
                for (int i = 0; i < 7; i++) {
                    producer.send(new ProducerRecord<>("events", 0, null, new byte[10]));
                }
            }

            // when
            Map<BrokerId, Figures> told = cluster.broker(1)
                    .broker()
                    .figures(List.of(MESSAGES), List.of("events"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            // then
            assertThat(told).containsOnlyKeys(new BrokerId(1), new BrokerId(2), new BrokerId(3));
            assertThat(told.get(new BrokerId(2)).series())
                    .contains(
                            new Figures.Series(MESSAGES, List.of(), 7),
                            new Figures.Series(MESSAGES, List.of("topic", "events"), 7));
            assertThat(told.get(new BrokerId(1)).series()).contains(new Figures.Series(MESSAGES, List.of(), 0));
        }
    }
}
