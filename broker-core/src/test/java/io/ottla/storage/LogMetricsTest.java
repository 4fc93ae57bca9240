package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.config.ProducerStateProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What storage shows while logs grow, are flushed, recover, and lose their folder. */
class LogMetricsTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);

    @TempDir
    Path root;

    private final TestingClock clock = new TestingClock();
    private final TestingTimer timer = new TestingTimer();
    private TestingDisk disk;
    private final TestingThreads threads = new TestingThreads();
    private LogProperties settings;

    @BeforeEach
    void begin() {
        disk = new TestingDisk(new Random(1));
        settings = LogProperties.DEFAULTS.withLogDirs(List.of(root.resolve("a")));
    }

    private LogFolders open(Metrics metrics, KnownTopics topics) throws IOException {
        FolderLocks locks =
                FolderLocks.lock(settings, new StorageEnvironment(disk, clock, timer, threads, new Random(1), metrics));
        locks.identify(1, "cluster");
        LogFolders folders = locks.logs((folder, logs) -> {});
        folders.open(topics);
        return folders;
    }

    private static PartitionLog create(LogFolders folders, TopicPartition partition) {
        CreateResult result = folders.create(partition, new TopicId(1, 2), TopicProperties.DEFAULTS, true)
                .toCompletableFuture()
                .join();
        return ((CreateResult.Created) result).log();
    }

    private AppendResult append(PartitionLog log) {
        return log.appendAsLeader(TestingBatches.plain(3, clock.wallMs(), 20), EPOCH, AppendOrigin.CLIENT);
    }

    @Test
    @Moves({
        "kafka_log_log_size",
        "kafka_log_log_logendoffset",
        "kafka_log_log_logstartoffset",
        "kafka_log_log_numlogsegments",
        "kafka_log_logflushstats_logflushrateandtimems"
    })
    void shouldShowHowLogsGrowAndShrink(Movement movement) throws IOException {
        // given
        Metrics metrics = new Metrics();
        LogFolders folders = open(metrics, topic -> TopicProperties.DEFAULTS);
        PartitionLog orders = create(folders, ORDERS);
        movement.watch(metrics);
        // when  it grows, its records are deleted, a new segment begins, and all is brought to disk
        append(orders);
        orders.advanceHighWatermark(3);
        orders.advanceLogStart(3);
        movement.look();
        clock.advance(TopicProperties.DEFAULTS.segmentMs() + 1);
        append(orders);
        append(orders);
        movement.look();
        // then
        folders.close(1);
    }

    @Test
    @Moves("ottla_log_producers_refused_total")
    void shouldCountWhatIsRefusedOfProducersThatWouldBeTooMany(Movement movement) throws IOException {
        // given
        settings = settings.withProducers(new ProducerStateProperties(86_400_000, 600_000, 1, 900_000));
        Metrics metrics = new Metrics();
        LogFolders folders = open(metrics, topic -> TopicProperties.DEFAULTS);
        PartitionLog orders = create(folders, ORDERS);
        orders.appendAsLeader(TestingBatches.idempotent(1, 0, 0, 1, clock.wallMs()), EPOCH, AppendOrigin.CLIENT);
        movement.watch(metrics);
        // when
        orders.appendAsLeader(TestingBatches.idempotent(2, 0, 0, 1, clock.wallMs()), EPOCH, AppendOrigin.CLIENT);
        movement.look();
        // then  a partition of its own has room for others
        assertThat(orders.producerCount()).isOne();
        assertThat(create(folders, PAYMENTS)
                        .appendAsLeader(
                                TestingBatches.idempotent(2, 0, 0, 1, clock.wallMs()), EPOCH, AppendOrigin.CLIENT))
                .isInstanceOf(AppendResult.Appended.class);
        folders.close(1);
    }

    @Test
    @Moves({"kafka_log_logmanager_offlinelogdirectorycount", "kafka_log_logmanager_logdirectoryoffline"})
    void shouldShowAFolderThatFails(Movement movement) throws IOException {
        // given
        Metrics metrics = new Metrics();
        LogFolders folders = open(metrics, topic -> TopicProperties.DEFAULTS);
        PartitionLog orders = create(folders, ORDERS);
        movement.watch(metrics);
        // when
        disk.failWrites(root.resolve("a"), "No space left on device");
        // then
        assertThat(append(orders)).isInstanceOf(AppendResult.Refused.class);
        movement.look();
        folders.close(1);
    }

    @Test
    @Moves({
        "kafka_server_replicaalterlogdirsmanager_maxlag",
        "kafka_server_replicaalterlogdirsmanager_failedpartitionscount"
    })
    void shouldShowMovesBetweenFolders(Movement movement) throws IOException {
        // given
        settings = settings.withLogDirs(List.of(root.resolve("a"), root.resolve("b")));
        Metrics metrics = new Metrics();
        threads.holdMoves(true);
        LogFolders folders = open(metrics, topic -> TopicProperties.DEFAULTS);
        PartitionLog orders = create(folders, ORDERS);
        append(orders);
        movement.watch(metrics);
        // when   one has begun, and then fails
        Path target = root.resolve(orders.folder().path().endsWith("a") ? "b" : "a");
        folders.move(ORDERS, target);
        movement.look();
        disk.failWrites(target, "No space left on device");
        while (threads.runMove()) {
            // the next step
        }
        movement.look();
        threads.holdMoves(false);
        folders.close(1);
    }

    @Test
    @Moves({"kafka_log_logmanager_remaininglogstorecover", "kafka_log_logmanager_remainingsegmentstorecover"})
    void shouldShowHowFarRecoveryIs(Movement movement) throws IOException {
        // given  two logs that were not closed properly
        LogFolders before = open(new Metrics(), topic -> TopicProperties.DEFAULTS);
        for (TopicPartition partition : List.of(ORDERS, PAYMENTS)) {
            append(create(before, partition));
        }
        before.close(1);
        Files.delete(root.resolve("a/.kafka_cleanshutdown"));
        Files.delete(root.resolve("a/recovery-point-offset-checkpoint"));
        // when
        Metrics metrics = new Metrics();
        movement.watch(metrics);
        disk.whenOpened(movement::look);
        LogFolders after = open(metrics, topic -> TopicProperties.DEFAULTS);
        // then
        disk.whenOpened(() -> {});
        after.close(2);
    }
}
