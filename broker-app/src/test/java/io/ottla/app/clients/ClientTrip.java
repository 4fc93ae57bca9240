package io.ottla.app.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What an application does with a broker, written with nothing but what kafka-clients 2.1.1 and 4.4.0 both offer. {@link
 * KafkaClientReleasesTest} hands this file to Java together with the jars of one release, so that it is compiled against
 * that very release. Prints one line for each thing done; ends with an exception where something is not as expected.
 */
final class ClientTrip {
    private static final int RECORDS = 200;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrap;
    private final String topic;

    private ClientTrip(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    /** @param arguments the bootstrap server and the name of a topic that does not exist yet */
    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        new ClientTrip(arguments[0], arguments[1]).travel();
    }

    private void travel() throws ExecutionException, InterruptedException {
        try (AdminClient admin = AdminClient.create(settings())) {
            create(admin);
            configure(admin);
            for (String codec : CODECS) {
                produce(codec, "all", false);
                produce(codec, "all", true);
            }
            produce("none", "1", false);
            int written = RECORDS * (2 * CODECS.size() + 1);
            consume(written);
            listOffsets(written);
            joinGroup(admin);
            grow(admin);
            deleteRecords(admin, written);
            admin.deleteTopics(Collections.singleton(topic)).all().get();
            done("deleted");
        }
    }

    private void create(AdminClient admin) throws ExecutionException, InterruptedException {
        NewTopic wanted = new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "1234567"));
        admin.createTopics(List.of(wanted)).all().get();
        expect(admin.listTopics().names().get().contains(topic), "the topic in the list");
        expect(admin.describeCluster().nodes().get().size() == 1, "one node");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        String retention = admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("retention.ms")
                .value();
        expect(retention.equals("1234567"), "retention.ms as given, but it is " + retention);
        done("created");
    }

    /** By the call that releases up to 3.9 have, or by the one that 2.3 and later have: by reflection, for none has both. */
    private void configure(AdminClient admin) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigEntry entry = new ConfigEntry("retention.ms", "7654321");
        try {
            Object result;
            try {
                result = AdminClient.class
                        .getMethod("alterConfigs", Map.class)
                        .invoke(admin, Map.of(resource, new Config(List.of(entry))));
            } catch (NoSuchMethodException newer) {
                Class<?> operation = Class.forName("org.apache.kafka.clients.admin.AlterConfigOp");
                Class<?> type = Class.forName("org.apache.kafka.clients.admin.AlterConfigOp$OpType");
                Object set = operation
                        .getConstructor(ConfigEntry.class, type)
                        .newInstance(entry, type.getField("SET").get(null));
                result = AdminClient.class
                        .getMethod("incrementalAlterConfigs", Map.class)
                        .invoke(admin, Map.of(resource, List.of(set)));
            }
            ((Future<?>) result.getClass().getMethod("all").invoke(result)).get();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        String retention = admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("retention.ms")
                .value();
        expect(retention.equals("7654321"), "retention.ms as set, but it is " + retention);
        done("configured");
    }

    private void produce(String codec, String acks, boolean idempotent)
            throws ExecutionException, InterruptedException {
        Properties settings = settings();
        settings.put("acks", acks);
        settings.put("compression.type", codec);
        settings.put("enable.idempotence", Boolean.toString(idempotent));
        settings.put("linger.ms", "5");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                ProducerRecord<String, String> next = new ProducerRecord<>(topic, 0, "key-" + i, value(i));
                next.headers().add("codec", codec.getBytes(StandardCharsets.UTF_8));
                sent.add(producer.send(next));
            }
            long before = -1;
            for (Future<RecordMetadata> answer : sent) {
                long offset = answer.get().offset();
                expect(before < 0 || offset == before + 1, "offset " + (before + 1) + ", but it is " + offset);
                before = offset;
            }
        }
        done("produced " + codec + " acks=" + acks + (idempotent ? " idempotent" : ""));
    }

    private void consume(int written) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int seen = 0;
            while (seen < written && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> read : consumer.poll(Duration.ofMillis(200))) {
                    int i = seen % RECORDS;
                    expect(read.offset() == seen, "offset " + seen + ", but it is " + read.offset());
                    expect(read.key().equals("key-" + i), "key " + i + ", but it is " + read.key());
                    expect(read.value().equals(value(i)), "value " + i + ", but it is " + read.value());
                    expect(read.headers().lastHeader("codec") != null, "a header");
                    seen++;
                }
            }
            expect(seen == written, written + " records, but there are " + seen);
        }
        done("consumed " + written);
    }

    private void listOffsets(int written) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            TopicPartition partition = new TopicPartition(topic, 0);
            List<TopicPartition> partitions = List.of(partition);
            long first = consumer.beginningOffsets(partitions).get(partition);
            long end = consumer.endOffsets(partitions).get(partition);
            long byTime = consumer.offsetsForTimes(Map.of(partition, 1L))
                    .get(partition)
                    .offset();
            expect(consumer.listTopics().containsKey(topic), "the topic in the list");
            expect(first == 0 && byTime == 0, "offset 0, but it is " + first + ", by time " + byTime);
            expect(end == written, "end " + written + ", but it is " + end);
        }
        done("listed offsets");
    }

    /** Two members share a topic of two partitions; one leaves, the other goes on from what both have committed. */
    private void joinGroup(AdminClient admin) throws ExecutionException, InterruptedException {
        String group = "group of " + topic;
        String shared = topic + "-shared";
        admin.createTopics(List.of(new NewTopic(shared, 2, (short) 1))).all().get();
        fill(shared);
        try (KafkaConsumer<String, String> one = member(group);
                KafkaConsumer<String, String> two = member(group)) {
            one.subscribe(List.of(shared));
            two.subscribe(List.of(shared));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int seen = 0;
            while ((seen < RECORDS
                            || one.assignment().size() != 1
                            || two.assignment().size() != 1)
                    && System.nanoTime() < deadline) {
                seen += one.poll(Duration.ofMillis(100)).count();
                one.commitSync();
                seen += two.poll(Duration.ofMillis(100)).count();
                two.commitSync();
            }
            expect(one.assignment().size() == 1 && two.assignment().size() == 1, "one partition each");
            expect(seen == RECORDS, RECORDS + " records, but there are " + seen);
            int members = admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get()
                    .get(group)
                    .members()
                    .size();
            expect(members == 2, "2 members, but there are " + members);
        }
        fill(shared);
        try (KafkaConsumer<String, String> one = member(group)) {
            one.subscribe(List.of(shared));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int seen = 0;
            while (seen < RECORDS && System.nanoTime() < deadline) {
                seen += one.poll(Duration.ofMillis(100)).count();
            }
            seen += one.poll(Duration.ofMillis(100)).count();
            expect(seen == RECORDS, RECORDS + " new records, but there are " + seen);
            one.commitSync();
        }
        long committed = 0;
        for (OffsetAndMetadata offset : admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .values()) {
            committed += offset.offset();
        }
        expect(committed == 2 * RECORDS, "offsets of " + 2 * RECORDS + " together, but they are " + committed);
        expect(isListed(admin, group), "the group in the list");
        admin.deleteConsumerGroups(List.of(group)).all().get();
        expect(!isListed(admin, group), "no group any more");
        admin.deleteTopics(Collections.singleton(shared)).all().get();
        done("shared in a group");
    }

    @SuppressWarnings("removal") // what came in its place is not in old releases
    private static boolean isListed(AdminClient admin, String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroups().all().get().stream()
                .anyMatch(listing -> listing.groupId().equals(group));
    }

    private void fill(String shared) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(shared, i % 2, "key-" + i, value(i)));
            }
            producer.flush();
        }
    }

    private KafkaConsumer<String, String> member(String group) {
        Properties settings = settings();
        settings.put("group.id", group);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("heartbeat.interval.ms", "300");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private void grow(AdminClient admin) throws ExecutionException, InterruptedException {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            int partitions = consumer.partitionsFor(topic).size();
            expect(partitions == 3, "3 partitions, but there are " + partitions);
        }
        done("grown");
    }

    private void deleteRecords(AdminClient admin, int written) throws ExecutionException, InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(written - 5)))
                .all()
                .get();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            long first = consumer.beginningOffsets(List.of(partition)).get(partition);
            expect(first == written - 5, "beginning " + (written - 5) + ", but it is " + first);
        }
        done("deleted records");
    }

    private KafkaConsumer<String, String> consumer() {
        Properties settings = settings();
        settings.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private Properties settings() {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        return settings;
    }

    /** Long and alike enough to be worth compressing. */
    private static String value(int i) {
        return "value-" + i + " of the sea, ".repeat(i % 20);
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("Expected " + what);
        }
    }

    private static void done(String what) {
        System.out.println(what);
    }
}
