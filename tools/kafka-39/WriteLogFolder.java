import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * Lets two Kafka brokers of this process write topics of every kind, in three leader epochs, and packs the folder of the
 * first one with {@code expected.txt}: what Kafka's own clients find in it.
 *
 * <pre>
 * record TOPIC OFFSET TIMESTAMP KEY CRC-OF-VALUE     as a consumer of uncommitted records reads it
 * committed TOPIC OFFSET                             as a consumer of committed records reads it
 * offsets TOPIC FIRST LAST-STABLE END
 * time TOPIC TIMESTAMP OFFSET                        ListOffsets
 * producer TOPIC ID EPOCH LAST-SEQUENCE LAST-TIMESTAMP TRANSACTION-START
 * </pre>
 */
public final class WriteLogFolder {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SMALL = "1500";
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private final Path work;
    private final int[] ports = {freePort(), freePort()};
    private final String zooKeeper;
    private final long began = System.currentTimeMillis();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int written;

    private WriteLogFolder(Path work, String zooKeeper) throws IOException {
        this.work = work;
        this.zooKeeper = zooKeeper;
    }

    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("kafka-39");
        ServerCnxnFactory factory = ServerCnxnFactory.createFactory(new InetSocketAddress("127.0.0.1", 0), 100);
        Path state = Files.createDirectory(work.resolve("zookeeper"));
        factory.startup(new ZooKeeperServer(state.toFile(), state.toFile(), 2000));
        new WriteLogFolder(work, "127.0.0.1:" + factory.getLocalPort()).run(Path.of(arguments[0]));
        factory.shutdown();
        System.exit(0);
    }

    private void run(Path zip) throws Exception {
        KafkaServer first = start(1);
        KafkaServer second = start(2);
        Map<String, Object> client = Map.of("bootstrap.servers", "127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1]);
        Admin admin = Admin.create(client);
        createTopics(admin);
        write(30);
        second.shutdown();
        second.awaitShutdown();
        write(20);
        second = start(2);
        await("both brokers are in sync", () -> partitions(admin).allMatch(partition -> partition.isr().size() == 2));
        admin.electLeaders(ElectionType.PREFERRED, null).partitions().get();
        await("the second broker leads again", () -> partitions(admin).allMatch(partition -> partition.leader().id() == 2));
        write(10);
        transact("open", 4, null);
        admin.deleteRecords(Map.of(new TopicPartition("trimmed", 0), RecordsToDelete.beforeOffset(33))).all().get();
        await("the first broker has what the second has", () -> sizes(admin, 1).equals(sizes(admin, 2)));
        second.shutdown();
        second.awaitShutdown();
        String expected = describe(admin);
        first.shutdown();
        first.awaitShutdown();
        pack(zip, work.resolve("data-1"), expected);
        admin.close(Duration.ZERO);
    }

    private KafkaServer start(int id) {
        Properties properties = new Properties();
        properties.put("broker.id", String.valueOf(id));
        properties.put("listeners", "PLAINTEXT://127.0.0.1:" + ports[id - 1]);
        properties.put("log.dirs", work.resolve("data-" + id).toString());
        properties.put("zookeeper.connect", zooKeeper);
        // so that topics may still ask for the formats of before 0.11
        properties.put("inter.broker.protocol.version", "2.8");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "2");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("auto.create.topics.enable", "false");
        properties.put("auto.leader.rebalance.enable", "false");
        properties.put("log.cleaner.dedupe.buffer.size", String.valueOf(8 << 20));
        properties.put("transaction.max.timeout.ms", "900000");
        KafkaServer server = new KafkaServer(new KafkaConfig(properties), Time.SYSTEM, scala.Option.empty(), false);
        server.startup();
        return server;
    }

    private static void createTopics(Admin admin) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : List.of("plain", "codecs", "idempotent", "transactions", "trimmed")) {
            topics.add(topic(name, Map.of()));
        }
        topics.add(topic("empty", Map.of()));
        topics.add(topic("magic0", Map.of("message.format.version", "0.9.0")));
        topics.add(topic("magic1", Map.of("message.format.version", "0.10.0")));
        topics.add(topic("stamped", Map.of("message.timestamp.type", "LogAppendTime")));
        admin.createTopics(topics).all().get();
    }

    private static NewTopic topic(String name, Map<String, String> more) {
        Map<String, String> settings = new TreeMap<>(more);
        settings.put("segment.bytes", SMALL);
        settings.put("index.interval.bytes", "200");
        settings.put("min.insync.replicas", "1");
        return new NewTopic(name, Map.of(0, List.of(2, 1))).configs(settings);
    }

    private void write(int records) throws Exception {
        send("plain", records, "none", false);
        send("trimmed", records, "none", false);
        send("stamped", records, "none", false);
        send("idempotent", records, "none", true);
        for (String codec : CODECS) {
            send("codecs", records / 2, codec, false);
        }
        for (String codec : List.of("none", "gzip", "snappy", "lz4")) {
            send("magic0", records / 2, codec, false);
            send("magic1", records / 2, codec, false);
        }
        transact("a" + records, records / 3, true);
        transact("b" + records, records / 3, false);
        transact("c" + records, records / 3, true);
        transact("d" + records, records / 3, false);
    }

    private Properties producer(String codec, boolean idempotent) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", "127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1]);
        properties.put("key.serializer", StringSerializer.class.getName());
        properties.put("value.serializer", StringSerializer.class.getName());
        properties.put("acks", "all");
        properties.put("linger.ms", "100");
        properties.put("compression.type", codec);
        properties.put("batch.size", "700");
        properties.put("enable.idempotence", String.valueOf(idempotent));
        return properties;
    }

    private void send(String topic, int records, String codec, boolean idempotent) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(producer(codec, idempotent))) {
            send(producer, topic, records);
        }
    }

    private void send(KafkaProducer<String, String> producer, String topic, int records) throws Exception {
        List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            int number = written++;
            // mostly ascending, as times are
            long timestamp = began + number * 10L - (number % 7 == 3 ? 100 : 0);
            sent.add(producer.send(new ProducerRecord<>(topic, 0, timestamp, "k" + number, value(number))));
        }
        producer.flush();
        for (java.util.concurrent.Future<?> one : sent) {
            one.get();
        }
    }

    private static String value(int number) {
        Random random = new Random(number);
        StringBuilder value = new StringBuilder("value " + number + " ");
        for (int i = random.nextInt(60); i > 0; i--) {
            value.append((char) ('a' + random.nextInt(26)));
        }
        return value.toString();
    }

    /** A transaction that is committed, aborted, or, where neither is asked for, left open. */
    private void transact(String id, int records, Boolean commit) throws Exception {
        Properties properties = producer("none", true);
        properties.put("transactional.id", id);
        properties.put("transaction.timeout.ms", "900000");
        KafkaProducer<String, String> producer = new KafkaProducer<>(properties);
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, "transactions", records);
        if (commit == null) {
            open.add(producer);
            return;
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
        producer.close();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Expected that within " + PATIENCE + ", " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static Stream<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        List<String> names = new ArrayList<>(admin.listTopics().names().get());
        return admin.describeTopics(names).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream());
    }

    /** Bytes of each partition's log on a broker. */
    private static Map<TopicPartition, Long> sizes(Admin admin, int broker) throws Exception {
        Map<TopicPartition, Long> sizes = new HashMap<>();
        for (LogDirDescription folder :
                admin.describeLogDirs(List.of(broker)).descriptions().get(broker).get().values()) {
            folder.replicaInfos().forEach((partition, replica) -> sizes.put(partition, replica.size()));
        }
        return sizes;
    }

    private String describe(Admin admin) throws Exception {
        StringBuilder text = new StringBuilder();
        for (String topic : new java.util.TreeSet<>(admin.listTopics().names().get())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            List<ConsumerRecord<String, String>> all = read(partition, "read_uncommitted");
            for (ConsumerRecord<String, String> record : all) {
                CRC32 crc = new CRC32();
                crc.update(record.value().getBytes(StandardCharsets.UTF_8));
                line(text, "record", topic, record.offset(), record.timestamp(), record.key(), crc.getValue());
            }
            for (ConsumerRecord<String, String> record : read(partition, "read_committed")) {
                line(text, "committed", topic, record.offset());
            }
            line(
                    text,
                    "offsets",
                    topic,
                    offset(admin, partition, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED),
                    offset(admin, partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED),
                    offset(admin, partition, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
            for (int i = 0; i < all.size(); i += 5) {
                for (long timestamp : new long[] {all.get(i).timestamp() - 3, all.get(i).timestamp()}) {
                    if (timestamp >= 0) {
                        OffsetSpec spec = OffsetSpec.forTimestamp(timestamp);
                        long offset = offset(admin, partition, spec, IsolationLevel.READ_UNCOMMITTED);
                        line(text, "time", topic, timestamp, offset);
                    }
                }
            }
            for (ProducerState state : admin.describeProducers(List.of(partition))
                    .partitionResult(partition)
                    .get()
                    .activeProducers()) {
                line(
                        text,
                        "producer",
                        topic,
                        state.producerId(),
                        state.producerEpoch(),
                        state.lastSequence(),
                        state.lastTimestamp(),
                        state.currentTransactionStartOffset().orElse(-1));
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]);
        }
        text.append('\n');
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec, IsolationLevel level)
            throws Exception {
        return admin.listOffsets(Map.of(partition, spec), new ListOffsetsOptions(level))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private List<ConsumerRecord<String, String>> read(TopicPartition partition, String isolation) {
        if (partition.topic().startsWith("__")) {
            return List.of();
        }
        Properties properties = new Properties();
        properties.put("bootstrap.servers", "127.0.0.1:" + ports[0]);
        properties.put("key.deserializer", StringDeserializer.class.getName());
        properties.put("value.deserializer", StringDeserializer.class.getName());
        properties.put("isolation.level", isolation);
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(properties)) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    private static void pack(Path zip, Path folder, String expected) throws IOException {
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file);
                Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                if (Files.isRegularFile(path)) {
                    put(out, "data/" + folder.relativize(path), Files.readAllBytes(path));
                }
            }
            put(out, "expected.txt", expected.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
