package io.ottla.broker;

import static org.awaitility.Awaitility.await;

import io.ottla.config.ConfigCatalog;
import io.ottla.zookeeper.TestingConfigTool;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A running broker with one topic after the other, whose settings are written into ZooKeeper while clients use it: on the
 * topic itself, or as the default of all brokers. What the broker does from time to time it does often.
 */
final class TopicScene implements AutoCloseable {
    private static final String FENCE = "fence";

    private final Path logs;
    private final TestingZooKeeper zooKeeper;
    private final TestingConfigTool tool;
    private final TestingBroker ottla;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaProducer<byte[], byte[]> compressing;
    private final boolean asBrokerDefault;
    private int fences;
    private int topics;
    private String topic;

    /** @param asBrokerDefault whether settings are made for all brokers, rather than on the topic */
    TopicScene(Path folder, boolean asBrokerDefault) throws Exception {
        this(folder, asBrokerDefault, Map.of());
    }

    /** @param given settings that the broker is started with; they go before those of a scene */
    TopicScene(Path folder, boolean asBrokerDefault, Map<String, String> given) throws Exception {
        this.asBrokerDefault = asBrokerDefault;
        logs = folder.resolve("logs");
        zooKeeper = new TestingZooKeeper();
        tool = new TestingConfigTool(zooKeeper);
        Map<String, String> settings = new HashMap<>(Map.of(
                "auto.create.topics.enable", "false",
                "log.retention.check.interval.ms", "50",
                "log.flush.scheduler.interval.ms", "50",
                "log.flush.interval.ms", Long.toString(Long.MAX_VALUE),
                "log.flush.offset.checkpoint.interval.ms", "50",
                "log.cleaner.backoff.ms", "50"));
        settings.putAll(given);
        ottla = new TestingBroker(zooKeeper.address(), logs, settings);
        admin = ottla.admin();
        producer = ottla.producer(Map.of(
                "acks", "all",
                "linger.ms", 0,
                "retries", 0,
                "enable.idempotence", false,
                "max.request.size", 10_000_000));
        compressing = ottla.producer(Map.of("compression.type", "gzip", "retries", 0, "enable.idempotence", false));
        create(FENCE, 1);
    }

    private void create(String name, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get();
    }

    /** Goes on with a new topic that has nothing set. */
    void begin(int partitions) throws Exception {
        tool.allBrokers(Map.of());
        fence();
        topic = "topic-" + topics++;
        create(topic, partitions);
    }

    /** Goes on with a new topic of one partition for which all of this was set before it was made, and nothing else. */
    void beginWith(Map<String, String> settings) throws Exception {
        begin(1);
        if (asBrokerDefault) {
            set(settings);
            topic = "topic-" + topics++;
            create(topic, 1);
        } else {
            topic = "topic-" + topics++;
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    /** Sets all of this, and nothing else, and returns when the broker goes by it. */
    void set(Map<String, String> settings) throws Exception {
        if (!asBrokerDefault) {
            tool.topic(topic, settings);
        } else {
            Map<String, String> ofBroker = new HashMap<>();
            settings.forEach((name, value) ->
                    ofBroker.put(ConfigCatalog.topic().get(name).brokerName(), value));
            tool.allBrokers(ofBroker);
        }
        fence();
    }

    /** Sets this for all brokers, and nothing else, and returns when the broker goes by it. */
    void ofBrokers(Map<String, String> settings) throws Exception {
        tool.allBrokers(settings);
        fence();
    }

    /** What was written into ZooKeeper before this is in force. */
    private void fence() throws Exception {
        String value = Integer.toString(++fences);
        tool.topic(FENCE, Map.of("delete.retention.ms", value));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, FENCE);
        await().until(() -> admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("delete.retention.ms")
                .value()
                .equals(value));
    }

    /** Writes a record of about so many bytes that needs no compression, now. */
    RecordMetadata write(int bytes) throws Exception {
        return write(0, bytes, System.currentTimeMillis());
    }

    RecordMetadata write(int bytes, long timestampMs) throws Exception {
        return write(0, bytes, timestampMs);
    }

    /** Throws what the broker refuses it with. */
    RecordMetadata write(int partition, int bytes, long timestampMs) throws Exception {
        return write(new ProducerRecord<>(topic, partition, timestampMs, new byte[] {1}, new byte[bytes]));
    }

    /** Deletes what {@link #write} has written, all of which has one key. */
    RecordMetadata writeTombstone(long timestampMs) throws Exception {
        return write(new ProducerRecord<>(topic, 0, timestampMs, new byte[] {1}, (byte[]) null));
    }

    /** Writes a text that compresses well, but not to nothing; always the same. */
    RecordMetadata writeText() throws Exception {
        StringBuilder text = new StringBuilder();
        long seed = 7;
        while (text.length() < 100_000) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            text.append("word").append(Math.floorMod(seed >> 33, 2_000)).append(' ');
        }
        return write(new ProducerRecord<>(
                topic, 0, null, new byte[] {1}, text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes a record by a producer that the broker remembers. */
    void writeAsProducer() throws Exception {
        try (KafkaProducer<byte[], byte[]> remembered = ottla.producer(Map.of("enable.idempotence", true))) {
            remembered.send(new ProducerRecord<>(topic, 0, null, new byte[10])).get();
        }
    }

    /** Writes a record of about so many bytes, now, in a compressed batch. */
    RecordMetadata writeCompressed(int bytes) throws Exception {
        return write(compressing, new ProducerRecord<>(topic, 0, null, new byte[] {1}, new byte[bytes]));
    }

    private RecordMetadata write(ProducerRecord<byte[], byte[]> record) throws Exception {
        return write(producer, record);
    }

    private static RecordMetadata write(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        try {
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException refused ? refused : e;
        }
    }

    String topic() {
        return topic;
    }

    Admin admin() {
        return admin;
    }

    long firstOffset() throws Exception {
        return offset(OffsetSpec.earliest());
    }

    long endOffset() throws Exception {
        return offset(OffsetSpec.latest());
    }

    /** Of the record with the largest timestamp. */
    long newestOffset() throws Exception {
        return offset(OffsetSpec.maxTimestamp());
    }

    /** Of the first record that is not older. */
    long offsetAt(long timestampMs) throws Exception {
        return offset(OffsetSpec.forTimestamp(timestampMs));
    }

    private long offset(OffsetSpec spec) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /** Files of partition 0 whose name ends so, the oldest first. */
    List<Path> files(String end) throws IOException {
        return files(0, end);
    }

    List<Path> files(int partition, String end) throws IOException {
        try (Stream<Path> all = Files.list(logs.resolve(topic + "-" + partition))) {
            return all.filter(file -> file.getFileName().toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    /** Up to where the broker says that partition 0 is on disk for certain. */
    long flushedTo() throws IOException {
        return Math.max(0, checkpoint("recovery-point-offset-checkpoint"));
    }

    /** What a checkpoint file says of partition 0; -1 where it says nothing. */
    long checkpoint(String file) throws IOException {
        Path path = logs.resolve(file);
        if (Files.exists(path)) {
            for (String line : Files.readAllLines(path)) {
                if (line.startsWith(topic + " 0 ")) {
                    return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
                }
            }
        }
        return -1;
    }

    /** The batches in the newest segment of partition 0, as they are kept. */
    List<ByteBuffer> batches() throws IOException {
        return batches(files(".log").getLast());
    }

    /** How many records are in the oldest segment of partition 0. */
    int oldRecords() throws IOException {
        return batches(files(".log").getFirst()).stream()
                .mapToInt(batch -> batch.getInt(57))
                .sum();
    }

    private static List<ByteBuffer> batches(Path segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        List<ByteBuffer> batches = new ArrayList<>();
        int at = 0;
        while (bytes.limit() - at > 12 && bytes.getInt(at + 8) > 0) {
            int size = 12 + bytes.getInt(at + 8);
            batches.add(bytes.slice(at, size));
            at += size;
        }
        return batches;
    }

    @Override
    public void close() {
        producer.close();
        compressing.close();
        admin.close();
        ottla.close();
        tool.close();
        zooKeeper.close();
    }
}
