package io.ottla.app.clients;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Copies a topic of numbered lines partition by partition, some tens in a transaction, with the offsets that it has read to. Says
 * {@code committed} of each transaction that is, and {@code aborted} of every fourth, which it aborts to do it once more.
 */
final class Copier implements AutoCloseable {
    private static final int ABORT_EVERY = 4;

    private final KafkaConsumer<Long, String> consumer;
    private final KafkaProducer<Long, String> producer;
    private final String from;
    private final String to;

    private Copier(String bootstrap, String protocol, String name) {
        from = "from-" + name;
        to = "to-" + name;
        Map<String, Object> reading = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "copiers-" + name,
                "group.protocol",
                protocol,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false",
                "max.poll.records",
                "30"));
        if (protocol.equals("classic")) {
            reading.put("session.timeout.ms", "6000");
            reading.put("heartbeat.interval.ms", "500");
        }
        consumer = new KafkaConsumer<>(reading, new LongDeserializer(), new StringDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", "copier-" + name, "linger.ms", "0"),
                new LongSerializer(),
                new StringSerializer());
    }

    /** @param arguments bootstrap servers, the protocol of its group, and what its topics, group and id are named after */
    public static void main(String[] arguments) {
        try (Copier copier = new Copier(arguments[0], arguments[1], arguments[2])) {
            copier.run();
        }
    }

    private void run() {
        producer.initTransactions();
        consumer.subscribe(List.of(from));
        for (int transaction = 1; ; transaction++) {
            ConsumerRecords<Long, String> records = consumer.poll(Duration.ofMillis(200));
            if (!records.isEmpty()) {
                System.out.println(copy(records, transaction % ABORT_EVERY == 0) ? "committed" : "aborted");
            }
        }
    }

    private boolean copy(ConsumerRecords<Long, String> records, boolean onPurpose) {
        try {
            producer.beginTransaction();
            for (ConsumerRecord<Long, String> record : records) {
                producer.send(new ProducerRecord<>(to, record.partition(), record.key(), record.value()));
            }
            producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
            if (!onPurpose) {
                producer.commitTransaction();
                return true;
            }
            producer.flush();
        } catch (ApplicationRecoverableException e) {
            throw e; // It takes a new producer.
        } catch (KafkaException e) {
            System.out.println("failed: " + e);
        }
        producer.abortTransaction();
        goBack();
        return false;
    }

    /** To what is committed. */
    private void goBack() {
        Set<TopicPartition> own = consumer.assignment();
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(own);
        for (TopicPartition partition : own) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
    }
}
