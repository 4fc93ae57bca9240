package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a group is behind, whose partitions different brokers lead. */
@Tag("full")
class GroupLagTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 3;

    @TempDir
    Path folder;

    private static void produce(String bootstrap, int each) throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            for (int i = 0; i < each * PARTITIONS; i++) {
                producer.send(new ProducerRecord<>("t", i % PARTITIONS, null, "value"))
                        .get();
            }
        }
    }

    /** Series of a metric by broker; none of those that do not run. */
    private static Map<String, Double> shown(ThreeBrokers brokers, List<Integer> ids, String metric) throws Exception {
        Map<String, Double> all = new HashMap<>();
        for (int id : ids) {
            MetricsPage.of(brokers.broker(id)).values().forEach((series, value) -> {
                if (series.startsWith(metric + "{")) {
                    assertThat(all.put(series, value))
                            .as("%s, shown twice", series)
                            .isNull();
                }
            });
        }
        return all;
    }

    private static String lag(int partition) {
        return "kafka_consumergroup_lag{consumergroup=\"g\",partition=\"" + partition + "\",topic=\"t\"}";
    }

    @Test
    void shouldBeShownByOneBrokerForPartitionsOfAll() throws Exception {
        try (ThreeBrokers brokers = ThreeBrokers.start(folder)) {
            // given  a partition that each broker leads, and a group that has read a part of each
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic(
                                "t", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)))))
                        .all()
                        .get();
                produce(brokers.bootstrap(), 20);
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                for (int i = 0; i < PARTITIONS; i++) {
                    offsets.put(new TopicPartition("t", i), new OffsetAndMetadata(10L + i));
                }
                admin.alterConsumerGroupOffsets("g", offsets).all().get();
            }
            // then   whoever coordinates it knows the ends of all, and nobody else shows it
            List<Integer> all = List.of(1, 2, 3);
            Map<String, Double> expected = Map.of(lag(0), 10.0, lag(1), 9.0, lag(2), 8.0);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(shown(brokers, all, "kafka_consumergroup_lag"))
                            .isEqualTo(expected));
            assertThat(shown(brokers, all, "kafka_consumergroup_lag_sum")).hasSize(1);

            // when   a broker dies, be it the coordinator, and records come
            int gone = 2;
            brokers.kill(gone);
            List<Integer> left = new ArrayList<>(all);
            left.remove(Integer.valueOf(gone));
            produce(brokers.alive(), 5);

            // then   one of the others shows it
            Map<String, Double> later = Map.of(lag(0), 15.0, lag(1), 14.0, lag(2), 13.0);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(shown(brokers, left, "kafka_consumergroup_lag"))
                            .isEqualTo(later));
        }
    }
}
