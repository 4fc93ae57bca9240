package io.ottla.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker with many partitions: fills them, and says when all of them serve again after a restart, with all their records.
 * For any broker that speaks Kafka's protocol.
 *
 * <pre>
 *   ManyPartitions PORT fill  PARTITIONS KB_EACH
 *   ManyPartitions PORT await PARTITIONS KB_EACH      prints "armed", then asks until all answer; exits with the last answer
 * </pre>
 */
public final class ManyPartitions {
    private static final String TOPIC = "many-partitions-";
    private static final int PER_TOPIC = 100;
    private static final int RECORD_BYTES = 1000;

    private final Map<String, Object> settings;
    private final int partitions;
    private final int recordsEach;

    private ManyPartitions(int port, int partitions, int kilobytes) {
        this.settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "reconnect.backoff.max.ms",
                50,
                "retry.backoff.max.ms",
                50,
                "request.timeout.ms",
                30_000);
        this.partitions = partitions;
        this.recordsEach = kilobytes * 1024 / RECORD_BYTES;
    }

    public static void main(String[] arguments) throws Exception {
        ManyPartitions many = new ManyPartitions(
                Integer.parseInt(arguments[0]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        switch (arguments[1]) {
            case "fill" -> many.fill();
            case "await" -> many.await();
            default -> throw new IllegalArgumentException("Expected fill or await, but got " + arguments[1]);
        }
    }

    private List<TopicPartition> all() {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new TopicPartition(TOPIC + partition / PER_TOPIC, partition % PER_TOPIC));
        }
        return all;
    }

    private void fill() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(settings)) {
            List<NewTopic> topics = new ArrayList<>();
            for (int first = 0; first < partitions; first += PER_TOPIC) {
                topics.add(new NewTopic(TOPIC + first / PER_TOPIC, Math.min(PER_TOPIC, partitions - first), (short) 1));
            }
            admin.createTopics(topics).all().get();
        }
        Map<String, Object> producing = new HashMap<>(settings);
        producing.put("linger.ms", 20);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(producing, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] value = new byte[RECORD_BYTES];
            for (int record = 0; record < recordsEach; record++) {
                for (TopicPartition partition : all()) {
                    producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value));
                }
            }
        }
    }

    private void await() throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        all().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        try (Admin admin = Admin.create(settings)) {
            System.out.println("armed");
            Map<TopicPartition, ListOffsetsResultInfo> answers = Map.of();
            while (answers.isEmpty()) {
                try {
                    answers = admin.listOffsets(asked).all().get();
                } catch (ExecutionException notYet) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
            System.out.printf(Locale.ROOT, "all %d%n", System.currentTimeMillis());
            long missing = answers.values().stream()
                    .filter(answer -> answer.offset() != recordsEach)
                    .count();
            System.out.printf(Locale.ROOT, "partitions_with_other_ends %d%n", missing);
        }
    }
}
