package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.replication.Partition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits change in the files of replicas. */
final class DamageTest {
    private static final int SIZE_POSITION = 8;
    private static final int LAST_OFFSET_DELTA_POSITION = 23;
    private static final int BEFORE_BATCH = 12;
    /** Only readers find damage. */
    private static final Map<String, String> UNSCRUBBED = Map.of("log.scrub.interval.ms", "-1");

    @TempDir
    Path folder;

    private int segmentBytes = 1 << 20;
    private List<Integer> replicas = List.of(1, 2, 3);
    private TestingCluster cluster;
    private Admin admin;

    private void run(Map<String, String> settings, Body body) throws Exception {
        try (TestingCluster started = new TestingCluster(folder, 3, settings);
                Admin client = started.admin()) {
            cluster = started;
            admin = client;
            cluster.create(
                    admin,
                    "events",
                    Map.of(0, replicas),
                    Map.of("min.insync.replicas", "2", "segment.bytes", Integer.toString(segmentBytes)));
            body.run();
        }
    }

    private interface Body {
        void run() throws Exception;
    }

    @Test
    void shouldHaveAnotherLeaderAndFetchAgainWhereALeadersFileIsDamaged() throws Exception {
        run(UNSCRUBBED, () -> {
            // given  a follower that lacks what is damaged at the leader, in a value
            produce(0, 50);
            cluster.stop(3);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
            produce(50, 100);
            byte[] before = log(2);
            flip(1, 75, -1, 0x40);

            // when   it fetches that
            cluster.start(3, Map.of());

            // then   another one leads, and all have again what was acknowledged
            awaitLeader(2);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
            assertThat(log(1)).isEqualTo(before);
            assertThat(log(3)).isEqualTo(before);
            assertThat(offline()).isEmpty();
        });
    }

    @Test
    void shouldFetchAgainWhereAFollowersFileIsDamaged() throws Exception {
        run(UNSCRUBBED, () -> {
            // given
            produce(0, 100);
            byte[] before = log(1);
            await().atMost(TestingCluster.LONG)
                    .untilAsserted(() -> assertThat(log(2)).isEqualTo(before));
            flip(2, 75, SIZE_POSITION, 0x40);

            // when   somebody reads it there
            Partition follower = cluster.broker(2).broker().replicas().partition("events", 0);
            follower.log().read(75, 100, 1, true);

            // then   it is what it was
            await().atMost(TestingCluster.LONG)
                    .untilAsserted(() -> assertThat(log(2)).isEqualTo(before));
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
            assertThat(TestingCluster.describe(admin, "events", 0).leader().id())
                    .isEqualTo(1);
            assertThat(offline()).isEmpty();
        });
    }

    @Test
    void shouldFindByItselfWhatIsDamagedInAClosedSegmentThatNobodyReads() throws Exception {
        segmentBytes = 2_000;
        run(Map.of("log.initial.task.delay.ms", "100"), () -> {
            // given  a preferred leader that is stopped in order, and what it has changes on its disk
            produce(0, 100);
            byte[] before = segments(2);
            cluster.stop(1);
            awaitLeader(2);
            assertThat(before.length).as("bytes of several segments").isGreaterThan(3 * segmentBytes);
            flip(1, 5, -1, 0x40);

            // when
            cluster.start(1, Map.of());

            // then   it is as it was, and whoever reads there gets everything
            await().atMost(TestingCluster.LONG)
                    .ignoreExceptionsInstanceOf(NoSuchFileException.class) // cut
                    .untilAsserted(() -> assertThat(segments(1)).isEqualTo(before));
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
            cluster.stop(2);
            awaitLeader(1);
            assertThat(read(0, 100))
                    .isEqualTo(
                            IntStream.range(0, 100).mapToObj(Integer::toString).toList());
            cluster.start(2, Map.of());
        });
    }

    @Test
    void shouldLoseNothingWhereTheOnlyTwoCopiesAreDamagedInDifferentPlaces() throws Exception {
        replicas = List.of(1, 2);
        run(UNSCRUBBED, () -> {
            // given
            produce(0, 100);
            byte[] before = log(1);
            assertThat(log(2)).isEqualTo(before);
            flip(1, 20, -1, 0x40);
            flip(2, 70, -1, 0x40);

            // when
            ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
            admin.incrementalAlterConfigs(Map.of(
                            all,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("log.scrub.interval.ms", "1000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();

            // then   first the one is mended by the other, and then that by the first
            await().atMost(TestingCluster.LONG.multipliedBy(2)).untilAsserted(() -> {
                assertThat(log(1)).isEqualTo(before);
                assertThat(log(2)).isEqualTo(before);
            });
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2));
            assertThat(read(0, 100))
                    .isEqualTo(
                            IntStream.range(0, 100).mapToObj(Integer::toString).toList());
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x80})
    void shouldGiveAReaderWhatOthersHaveWhereTheLastOffsetOfABatchIsDamaged(int bits) throws Exception {
        run(UNSCRUBBED, () -> {
            // given  a leader that has found its log as it is now: a batch of one names an end far away, or before
            // itself
            produce(0, 100);
            byte[] before = log(2);
            cluster.stop(1);
            flip(1, 75, LAST_OFFSET_DELTA_POSITION, bits);
            cluster.start(1, Map.of());
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
            cluster.stop(2);
            awaitLeader(1);
            cluster.start(2, Map.of());
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));

            // when   somebody reads from there
            List<String> values = read(75, 25);

            // then   no record is missing, he is not told of anything, and the log is mended
            assertThat(values)
                    .isEqualTo(
                            IntStream.range(75, 100).mapToObj(Integer::toString).toList());
            awaitLeader(2);
            TestingCluster.awaitInSync(admin, "events", Set.of(1, 2, 3));
            assertThat(log(1)).isEqualTo(before);
        });
    }

    private void awaitLeader(int broker) {
        await().atMost(TestingCluster.LONG)
                .untilAsserted(() -> assertThat(TestingCluster.describe(admin, "events", 0)
                                .leader()
                                .id())
                        .isEqualTo(broker));
    }

    private List<String> read(long from, int count) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition("events", 0);
        try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            await().atMost(TestingCluster.LONG).until(() -> {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
                return values.size() >= count;
            });
        }
        return values;
    }

    /** What the brokers know of replicas that can't be used. */
    private List<?> offline() {
        return cluster.broker(2)
                .broker()
                .replicas()
                .image()
                .topic("events")
                .partition(0)
                .offline();
    }

    private Path file(int broker) {
        return cluster.folder(broker).resolve("events-0/00000000000000000000.log");
    }

    private byte[] log(int broker) throws IOException {
        return Files.readAllBytes(file(broker));
    }

    /** All segments, one after the other. */
    private byte[] segments(int broker) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.list(file(broker).getParent())) {
            for (Path each : files.filter(one -> one.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                all.write(Files.readAllBytes(each));
            }
        }
        return all.toByteArray();
    }

    /** @param at within the batch of that offset, or from its end on where negative */
    private void flip(int broker, long offset, int at, int bits) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(log(broker));
        int position = 0;
        while (bytes.getLong(position) + bytes.getInt(position + LAST_OFFSET_DELTA_POSITION) < offset) {
            position += BEFORE_BATCH + bytes.getInt(position + SIZE_POSITION);
        }
        int size = BEFORE_BATCH + bytes.getInt(position + SIZE_POSITION);
        int flipped = position + (at < 0 ? size + at : at);
        try (FileChannel channel = FileChannel.open(file(broker), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes.get(flipped) ^ bits)}), flipped);
        }
    }

    private void produce(int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = cluster.producer(Map.of("acks", "all", "batch.size", 0))) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(
                                "events", 0, null, Integer.toString(i).getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }
}
