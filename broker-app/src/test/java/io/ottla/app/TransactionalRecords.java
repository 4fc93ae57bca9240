package io.ottla.app;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic with what transactions leave in it.
 *
 * <pre>
 *   0, 1   plain                6, 7   aborted      9  plain
 *   3, 4   committed            8      its marker   10 of a transaction that stays open
 *   5      its marker                               11 plain
 * </pre>
 *
 * Offset 2 is plain too. Until it is closed the last transaction is open.
 */
final class TransactionalRecords implements AutoCloseable {
    static final String TOPIC = "payments";

    private final KafkaProducer<String, String> open;

    private TransactionalRecords(KafkaProducer<String, String> open) {
        this.open = open;
    }

    /** Makes the topic, which has one partition, and two groups: one commits by itself, the other in a transaction. */
    static TransactionalRecords write(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, String> plain = producer(bootstrap, Map.of());
                KafkaConsumer<String, String> once = consumer(bootstrap, "exactly-once");
                KafkaProducer<String, String> settled = producer(bootstrap, Map.of("transactional.id", "pay-1"))) {
            for (int i = 0; i < 3; i++) {
                send(plain, "plain-" + i);
            }
            settled.initTransactions();
            settled.beginTransaction();
            send(settled, "good-3");
            send(settled, "good-4");
            settled.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(2)), once.groupMetadata());
            settled.commitTransaction();
            settled.beginTransaction();
            send(settled, "bad-6");
            send(settled, "bad-7");
            settled.abortTransaction();
            send(plain, "plain-9");
            read(bootstrap);
            KafkaProducer<String, String> open = producer(bootstrap, Map.of("transactional.id", "pay-2"));
            open.initTransactions();
            open.beginTransaction();
            send(open, "open-10");
            send(plain, "plain-11");
            return new TransactionalRecords(open);
        }
    }

    private static KafkaProducer<String, String> producer(String bootstrap, Map<String, String> own) {
        Map<String, Object> settings = new java.util.HashMap<>(own);
        settings.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, 0, "key", value)).get();
    }

    private static void read(String bootstrap) {
        try (KafkaConsumer<String, String> reader = consumer(bootstrap, "reader")) {
            reader.subscribe(List.of(TOPIC));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !reader.poll(Duration.ofMillis(200)).isEmpty());
            reader.commitSync();
        }
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String group) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Ends what is open. */
    void commit() {
        open.commitTransaction();
    }

    @Override
    public void close() {
        open.close(Duration.ZERO);
    }
}
