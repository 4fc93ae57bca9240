package io.ottla.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.VoidDeserializer;
import org.apache.kafka.common.serialization.VoidSerializer;

/**
 * What clients notice of it when ZooKeeper is away for a while; the work of {@code bench/zookeeper-outage.sh}. Knows brokers
 * by Kafka's protocol alone, and ZooKeeper by the commands that stop and start it.
 *
 * <p>{@code ZooKeeperOutage BOOTSTRAP SECONDS STOP START}: a producer without retries (acks=all) sends to three partitions
 * with a leader on each of brokers 1 to 3, a consumer reads; ZooKeeper is stopped for so long. Printed: the longest time
 * that any partition went without an acknowledgement, before, during and after it; how many records were refused or are
 * missing; from ZooKeeper's start until a topic could be created; and how many leader epochs are others than before.
 */
final class ZooKeeperOutage {
    private static final int PARTITIONS = 3;
    private static final long BETWEEN_RECORDS_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** Longer than the default session timeout: by then nothing is left of the old sessions. */
    private static final Duration AFTER = Duration.ofSeconds(30);

    private static final Duration WARMING = Duration.ofSeconds(10);

    private final String bootstrap;
    private final String topic = "outage-" + Long.toString(System.nanoTime(), 36);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger read = new AtomicInteger();
    private final long[] lastAckNs = new long[PARTITIONS];
    private volatile long longestNs;
    private volatile boolean over;

    private ZooKeeperOutage(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public static void main(String[] arguments) throws Exception {
        new ZooKeeperOutage(arguments[0])
                .measure(Duration.ofSeconds(Long.parseLong(arguments[1])), arguments[2], arguments[3]);
    }

    private void measure(Duration away, String stop, String start) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", 120_000))) {
            while (admin.describeCluster().nodes().get().size() < PARTITIONS) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            Map<Integer, List<Integer>> replicas =
                    Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2));
            admin.createTopics(List.of(new NewTopic(topic, replicas).configs(Map.of("min.insync.replicas", "2"))))
                    .all()
                    .get();
            Thread writer = Thread.ofPlatform().start(this::write);
            Thread reader = Thread.ofPlatform().start(this::read);
            pass(WARMING);
            longestNs = 0;
            pass(WARMING);
            long before = longest();
            List<Integer> epochs = epochs(admin);
            run(stop);
            pass(away);
            long during = longest();
            run(start);
            long startedNs = System.nanoTime();
            admin.createTopics(List.of(new NewTopic(topic + "-after", 3, (short) 3)))
                    .all()
                    .get();
            long healedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
            pass(AFTER);
            long after = longest();
            List<Integer> epochsAfter = epochs(admin);
            over = true;
            writer.join();
            reader.join();
            int changed = 0;
            for (int i = 0; i < PARTITIONS; i++) {
                changed += epochs.get(i).equals(epochsAfter.get(i)) ? 0 : 1;
            }
            System.out.println("{\"away_s\":" + away.toSeconds() + ",\"longest_before_ms\":" + before
                    + ",\"longest_during_ms\":" + during + ",\"longest_after_ms\":" + after + ",\"acknowledged\":"
                    + acknowledged + ",\"refused\":" + refused + ",\"missing\":" + (acknowledged.get() - read.get())
                    + ",\"healed_ms\":" + healedMs + ",\"leader_epochs_changed\":" + changed + "}");
        }
    }

    private static void pass(Duration time) {
        long untilNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < untilNs) {
            LockSupport.parkNanos(untilNs - System.nanoTime());
        }
    }

    /** Of the time since it was asked last. */
    private long longest() {
        long longest = longestNs;
        longestNs = 0;
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    private static void run(String command) throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("bash", "-c", command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("Expected '" + command + "' to succeed, but it ended with " + status);
        }
    }

    /** Of the last record of each partition. */
    private List<Integer> epochs(Admin admin) throws Exception {
        List<Integer> epochs = new ArrayList<>();
        var ends = admin.listOffsets(IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(number -> new TopicPartition(topic, number), number -> OffsetSpec.latest())));
        for (int number = 0; number < PARTITIONS; number++) {
            epochs.add(ends.partitionResult(new TopicPartition(topic, number))
                    .get()
                    .leaderEpoch()
                    .orElse(-1));
        }
        return epochs;
    }

    private void write() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "acks",
                "all",
                "linger.ms",
                0,
                "retries",
                0,
                "enable.idempotence",
                false);
        try (var producer = new KafkaProducer<>(settings, new VoidSerializer(), new LongSerializer())) {
            for (long value = 0; !over; value++) {
                int partition = (int) (value % PARTITIONS);
                producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged(partition);
                    } else if (refused.getAndIncrement() < 10) {
                        System.err.println("refused: " + failure);
                    }
                });
                LockSupport.parkNanos(BETWEEN_RECORDS_NS);
            }
        }
    }

    /** On the producer's one thread. */
    private void acknowledged(int partition) {
        long nowNs = System.nanoTime();
        if (lastAckNs[partition] != 0) {
            longestNs = Math.max(longestNs, nowNs - lastAckNs[partition]);
        }
        lastAckNs[partition] = nowNs;
        acknowledged.incrementAndGet();
    }

    private void read() {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new VoidDeserializer(), new LongDeserializer())) {
            consumer.assign(IntStream.range(0, PARTITIONS)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .toList());
            int quiet = 0;
            while (quiet < 5) {
                int found = consumer.poll(Duration.ofSeconds(1)).count();
                read.addAndGet(found);
                quiet = over && found == 0 ? quiet + 1 : 0;
            }
        }
    }
}
