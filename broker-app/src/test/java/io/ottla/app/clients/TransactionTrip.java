package io.ottla.app.clients;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What an application does in transactions, written with nothing but what kafka-clients 2.1.1 and 4.4.0 both offer; what
 * only some of them have is looked up. {@link TransactionsOfReleasesTest} hands this file to Java together with the jars of
 * one release. Prints one line for each thing done; ends with an exception where something is not as expected.
 */
final class TransactionTrip {
    private static final long PATIENCE_MS = 60_000;

    private final String bootstrap;
    private final String topic;
    private final TopicPartition input;

    private TransactionTrip(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        input = new TopicPartition(topic, 1);
    }

    /** @param arguments bootstrap servers, and the name of a topic that is not there yet */
    public static void main(String[] arguments) throws Exception {
        new TransactionTrip(arguments[0], arguments[1]).run();
    }

    private void run() throws Exception {
        try (AdminClient admin = AdminClient.create(settings())) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            try (KafkaProducer<String, String> producer = producer()) {
                producer.initTransactions();
                commitAndAbort(producer);
                moveOffsets(admin, producer);
            }
            fence();
        }
    }

    private void commitAndAbort(KafkaProducer<String, String> producer) throws Exception {
        producer.beginTransaction();
        send(producer, "kept");
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "dropped");
        producer.abortTransaction();
        producer.beginTransaction();
        producer.abortTransaction(); // Of nothing.
        producer.beginTransaction();
        producer.commitTransaction();
        producer.beginTransaction();
        send(producer, "open");
        expect(read("read_committed", 1), "kept");
        expect(read("read_uncommitted", 3), "kept", "dropped", "open");
        producer.commitTransaction();
        expect(read("read_committed", 2), "kept", "open");
        System.out.println("committed and aborted");
    }

    private void moveOffsets(AdminClient admin, KafkaProducer<String, String> producer) throws Exception {
        Method byId = method(String.class);
        if (byId != null) {
            moveOffsets(admin, producer, byId, "by-id-of-" + topic, "by-id-of-" + topic);
            System.out.println("moved offsets by the group's id");
        }
        Class<?> metadata = optional("org.apache.kafka.clients.consumer.ConsumerGroupMetadata");
        if (metadata != null) {
            String group = "by-metadata-of-" + topic;
            Properties settings = settings();
            settings.put("group.id", group);
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
                Object told = KafkaConsumer.class.getMethod("groupMetadata").invoke(consumer);
                moveOffsets(admin, producer, method(metadata), told, group);
            }
            System.out.println("moved offsets by the group's metadata");
        }
    }

    private void moveOffsets(
            AdminClient admin, KafkaProducer<String, String> producer, Method method, Object told, String group)
            throws Exception {
        for (int i = 1; i <= 4; i++) {
            producer.beginTransaction();
            send(producer, group + i);
            invoke(method, producer, Collections.singletonMap(input, new OffsetAndMetadata(i)), told);
            if (i % 2 == 0) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
            }
        }
        long deadline = System.currentTimeMillis() + PATIENCE_MS;
        Long offset = offset(admin, group);
        while (!Long.valueOf(3).equals(offset) && System.currentTimeMillis() < deadline) {
            offset = offset(admin, group);
        }
        expect(List.of(String.valueOf(offset)), "3");
    }

    private Long offset(AdminClient admin, String group) throws ExecutionException, InterruptedException {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(input);
        return offset == null ? null : offset.offset();
    }

    private static void invoke(Method method, Object on, Object... arguments) throws Exception {
        try {
            method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(method.toString(), e.getCause());
        }
    }

    private static Method method(Class<?> group) {
        return Arrays.stream(KafkaProducer.class.getMethods())
                .filter(method -> method.getName().equals("sendOffsetsToTransaction"))
                .filter(method -> method.getParameterTypes()[1].equals(group))
                .findFirst()
                .orElse(null);
    }

    private static Class<?> optional(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** A second one with the id aborts what the first has open, and shuts it out. */
    private void fence() throws Exception {
        try (KafkaProducer<String, String> first = producer();
                KafkaProducer<String, String> second = producer()) {
            first.initTransactions();
            first.beginTransaction();
            send(first, "fenced");
            second.initTransactions();
            try {
                first.commitTransaction();
                throw new IllegalStateException("Expected the first to be shut out, but it commits.");
            } catch (KafkaException e) {
                System.out.println("shut out by " + e.getClass().getSimpleName());
            }
            second.beginTransaction();
            send(second, "last");
            second.commitTransaction();
        }
        List<String> committed = read("read_committed", "last");
        if (committed.contains("fenced") || committed.contains("dropped")) {
            throw new IllegalStateException("Expected what is committed, but got " + committed + ".");
        }
        System.out.println("read " + committed.size() + " committed");
    }

    private void send(KafkaProducer<String, String> producer, String value) throws Exception {
        producer.send(new ProducerRecord<>(topic, 0, "key", value)).get();
    }

    private KafkaProducer<String, String> producer() {
        Properties settings = settings();
        settings.put("transactional.id", "writer-of-" + topic);
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** At least as many values; all that a reader has. */
    private List<String> read(String isolation, int count) {
        return read(isolation, count, null);
    }

    private List<String> read(String isolation, String last) {
        return read(isolation, Integer.MAX_VALUE, last);
    }

    private List<String> read(String isolation, int count, String last) {
        Properties settings = settings();
        settings.put("isolation.level", isolation);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        settings.put("group.id", "none");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.currentTimeMillis() + PATIENCE_MS;
            while (values.size() < count && !values.contains(last) && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
            }
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(300))) {
                values.add(record.value());
            }
        }
        return values;
    }

    private static void expect(List<String> found, String... expected) {
        if (!found.equals(List.of(expected))) {
            throw new IllegalStateException("Expected " + Arrays.toString(expected) + ", but got " + found + ".");
        }
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", bootstrap));
        return settings;
    }
}
