package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.config.MoveProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metrics.Metrics;
import io.ottla.record.CheckedBatches;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogMoveTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);
    private static final TopicId ID = new TopicId(1, 2);
    /** More than is copied in one step. */
    private static final int MANY = 60;

    private static final int VALUE_BYTES = 40_000;

    @TempDir
    Path root;

    private final TestingTimer timer = new TestingTimer();
    private final TestingThreads threads = new TestingThreads();
    private final TestingClock clock = new TestingClock();
    private final List<String> offline = new ArrayList<>();
    private TestingDisk disk;
    private LogProperties settings;
    private TopicProperties topic = TestingLogs.small(300_000, 4096);
    private FolderLocks locks;
    private LogFolders folders;
    private PartitionLog log;
    private int valueBytes = VALUE_BYTES;
    /** What {@link #changesOfAMove} was answered. */
    private boolean isPromised;

    private LeaderEpoch epoch = new LeaderEpoch(0);

    /** A log in folder "a". */
    @BeforeEach
    void begin() throws IOException {
        disk = new TestingDisk(new Random(1));
        settings = LogProperties.DEFAULTS.withLogDirs(List.of(root.resolve("a"), root.resolve("b")));
        threads.holdMoves(true);
        open();
        create("a");
    }

    private void create(String folder) {
        move(folder);
        CreateResult result =
                folders.create(ORDERS, ID, topic, true).toCompletableFuture().join();
        log = ((CreateResult.Created) result).log();
        assertThat(log.folder().path()).isEqualTo(root.resolve(folder));
        log.beginEpoch(epoch);
    }

    private void open() throws IOException {
        locks = FolderLocks.lock(
                settings, new StorageEnvironment(disk, clock, timer, threads, new Random(1), new Metrics()));
        locks.identify(1, "cluster");
        folders = locks.logs((folder, logs) -> offline.add(folder.path().getFileName() + " " + logs.size()));
        folders.open(_ -> topic);
        log = folders.find(ORDERS);
    }

    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            assertThat(log.appendAsLeader(
                            TestingBatches.plain(1, clock.wallMs(), valueBytes), epoch, AppendOrigin.CLIENT))
                    .isInstanceOf(AppendResult.Appended.class);
        }
        log.advanceHighWatermark(log.logEndOffset());
    }

    private void move(String folder) {
        assertThat(moved(ORDERS, root.resolve(folder))).isNull();
    }

    /** Why it is not on its way; null where it is. */
    private Errors moved(TopicPartition partition, Path folder) {
        CompletableFuture<Failure> moved = folders.move(partition, folder).toCompletableFuture();
        assertThat(moved).isDone();
        Failure failure = moved.join();
        return failure == null ? null : failure.error();
    }

    private void finish() {
        int steps = 0;
        while (threads.runMove()) {
            assertThat(++steps).isLessThan(100);
        }
    }

    private void awaitIn(String folder) {
        finish();
        assertThat(log.folder().path()).isEqualTo(root.resolve(folder));
        assertThat(folders.moving()).isEmpty();
        assertThat(offline).isEmpty();
    }

    private void assertHolds(long from, long to) {
        assertThat(log.logStartOffset()).isEqualTo(from);
        assertThat(log.logEndOffset()).isEqualTo(to);
        assertThat(TestingLogs.offsets(log, from, 100_000))
                .isEqualTo(LongStream.range(from, to).boxed().toList());
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(folder))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("orders"))
                    .map(name -> name.replaceAll("\\.[0-9a-f]{32}", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldMoveALogThatIsAppendedTo() throws IOException {
        // given
        append(MANY);
        move("b");
        threads.runMove();
        assertThat(log.folder().path()).isEqualTo(root.resolve("a"));
        assertThat(folders.moving()).singleElement().satisfies(moving -> {
            assertThat(moving.target().path()).isEqualTo(root.resolve("b"));
            assertThat(moving.lag()).isBetween(1L, MANY - 1L);
            assertThat(moving.bytes()).isGreaterThan(500_000);
        });
        assertThat(names("b")).containsExactly("orders-0-future");
        // when
        append(3);
        awaitIn("b");
        append(2);
        // then
        assertHolds(0, MANY + 5);
        assertThat(names("a")).containsExactly("orders-0-delete");
        assertThat(names("b")).containsExactly("orders-0");
        assertThat(root.resolve("b/orders-0/moved-from")).doesNotExist();
        // and    so it is after a restart, and the old files go
        folders.close(1);
        timer.run(Long.MAX_VALUE);
        open();
        timer.run(60_000);
        assertHolds(0, MANY + 5);
        assertThat(log.highWatermark()).isEqualTo(MANY + 5);
        assertThat(log.topicId()).isEqualTo(ID);
        assertThat(log.latestEpoch()).isEqualTo(epoch);
        assertThat(names("a")).isEmpty();
        folders.close(2);
    }

    @Test
    void shouldMoveBackAndForth() throws IOException {
        append(3);
        for (String folder : List.of("b", "a", "b", "a")) {
            move(folder);
            awaitIn(folder);
            append(1);
        }
        assertHolds(0, 7);
        folders.delete(ORDERS).toCompletableFuture().join();
        assertThat(names("a")).allMatch("orders-0-delete"::equals);
    }

    @Test
    void shouldKeepWhatIsKnownOfProducersAndTransactions() {
        // given
        log.appendAsLeader(TestingBatches.idempotent(7, 0, 0, 2, clock.wallMs()), epoch, AppendOrigin.CLIENT);
        CheckedBatches open = TestingBatches.transactional(8, 0, 0, 2, clock.wallMs());
        log.appendAsLeader(open, epoch, TestingBatches.origin(log, open));
        log.beginEpoch(new LeaderEpoch(4));
        // when
        move("b");
        awaitIn("b");
        // then
        assertThat(log.appendAsLeader(
                        TestingBatches.idempotent(7, 0, 0, 2, clock.wallMs()), epoch, AppendOrigin.CLIENT))
                .isInstanceOf(AppendResult.Duplicate.class);
        assertThat(log.firstUnstableOffset()).hasValue(2);
        assertThat(log.latestEpoch()).isEqualTo(new LeaderEpoch(4));
    }

    @Test
    void shouldFollowACutOfTheLog() {
        // given  something is copied that is cut then, and other records stand there
        append(MANY);
        move("b");
        threads.runMove();
        threads.runMove();
        log.truncateTo(5);
        epoch = new LeaderEpoch(3);
        log.beginEpoch(epoch);
        append(2);
        // when
        awaitIn("b");
        // then
        assertHolds(0, 7);
        assertThat(log.epochAt(4)).isEqualTo(new LeaderEpoch(0));
        assertThat(log.epochAt(5)).isEqualTo(new LeaderEpoch(3));
    }

    @Test
    void shouldFollowTheStartOfTheLog() {
        append(MANY);
        move("b");
        threads.runMove();
        log.advanceLogStart(MANY - 2);
        awaitIn("b");
        assertHolds(MANY - 2, MANY);
        move("a");
        log.truncateFullyAndStartAt(1000);
        awaitIn("a");
        assertHolds(1000, 1000);
    }

    @Test
    void shouldKeepWhatIsAppendedWhileTheStartPassesWhatIsCopied() {
        // given  between the last copy and the exchange some is appended, and the log's start moves into it
        append(3);
        boolean[] done = {false};
        disk.whenOpened(() -> {
            boolean isCopied = folders.moving().stream().anyMatch(moving -> moving.lag() == 0);
            if (isCopied && !done[0]) {
                done[0] = true;
                append(4);
                log.advanceLogStart(5);
            }
        });
        // when
        move("b");
        awaitIn("b");
        disk.whenOpened(() -> {});
        // then
        assertThat(done[0]).isTrue();
        assertHolds(5, 7);
    }

    @Test
    void shouldEndThoughMuchIsAppendedWhileItWaitsForTheDisk() {
        // given  each time that it waits for the disk, more is appended than appends are held up for
        append(3);
        int[] waits = {0};
        disk.whenOpened(OffsetCheckpoint.HIGH_WATERMARK, () -> {
            if (!folders.moving().isEmpty()) {
                waits[0]++;
                append(10);
            }
        });
        // when
        move("b");
        awaitIn("b");
        disk.whenOpened(() -> {});
        // then
        assertThat(waits[0]).isPositive();
        assertHolds(0, 3 + 10L * waits[0]);
    }

    @Test
    void shouldBeginWithinABatch() {
        log.appendAsLeader(TestingBatches.plain(10, clock.wallMs(), 10), epoch, AppendOrigin.CLIENT);
        log.advanceHighWatermark(10);
        log.advanceLogStart(4);
        move("b");
        awaitIn("b");
        assertHolds(4, 10);
    }

    @Test
    void shouldGoOnAfterARestart() throws IOException {
        // given
        append(MANY);
        move("b");
        threads.runMove();
        threads.holdMoves(false);
        folders.close(1);
        assertThat(names("b")).containsExactly("orders-0-future");
        // when
        threads.holdMoves(true);
        open();
        assertThat(log.folder().path()).isEqualTo(root.resolve("a"));
        threads.runMove();
        assertThat(folders.moving())
                .singleElement()
                .satisfies(moving -> assertThat(moving.lag()).isLessThan(MANY - 40));
        // then
        awaitIn("b");
        assertHolds(0, MANY);
    }

    @Test
    void shouldNotForgetInACrashWhatWasPromisedThoughItWaits() throws IOException {
        // given  an earlier move has used up the rate for long
        folders.reconfigure(settings.withMoves(new MoveProperties(1, 1)));
        append(MANY);
        move("b");
        threads.runMove();
        folders.create(PAYMENTS, ID, topic, true);
        Path from = folders.find(PAYMENTS).folder().path();
        Path to = root.resolve(from.endsWith("a") ? "b" : "a");
        // when   another one has its answer, nobody has worked at it yet, and the process dies
        assertThat(moved(PAYMENTS, to)).isNull();
        timer.forget();
        locks.release();
        open();
        // then
        assertThat(folders.moving())
                .anySatisfy(moving -> assertThat(moving.partition()).isEqualTo(PAYMENTS));
        finish();
        assertThat(folders.find(PAYMENTS).folder().path()).isEqualTo(to);
    }

    @Test
    void shouldPromiseNothingBeforeTheFolderIsThere() {
        // given  the other folder's disk is busy
        threads.holdBackground();
        CompletableFuture<Failure> first =
                folders.move(ORDERS, root.resolve("b")).toCompletableFuture();
        CompletableFuture<Failure> again =
                folders.move(ORDERS, root.resolve("b")).toCompletableFuture();
        // then
        assertThat(first).isNotDone();
        assertThat(again).isNotDone();
        // when
        threads.runBackground();
        // then
        assertThat(first).isCompletedWithValue(null);
        assertThat(again).isCompletedWithValue(null);
        awaitIn("b");
    }

    @Test
    void shouldTakeAMoveBackAndPromiseThatWhenItIsOver() throws IOException {
        // given
        append(MANY);
        move("b");
        threads.runMove();
        // when
        CompletableFuture<Failure> back =
                folders.move(ORDERS, root.resolve("a")).toCompletableFuture();
        // then
        assertThat(back).isNotDone();
        threads.runMove();
        assertThat(back).isCompletedWithValue(null);
        awaitIn("a");
        assertHolds(0, MANY);
        assertThat(names("b")).isEmpty();
        assertThat(names("a")).containsExactly("orders-0");
    }

    @Test
    void shouldDeleteALogThatMoves() throws IOException {
        append(MANY);
        move("b");
        threads.runMove();
        var deleted = folders.delete(ORDERS).toCompletableFuture();
        finish();
        assertThat(deleted).isCompleted();
        assertThat(names("a")).containsExactly("orders-0-delete");
        assertThat(names("b")).isEmpty();
        create("b");
        assertHolds(0, 0);
    }

    @Test
    void shouldRefuseWhatIsNoFolderOfItsOwn() {
        assertThat(moved(ORDERS, root.resolve("c"))).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
        TopicPartition longest = new TopicPartition("t".repeat(249), 0);
        folders.create(longest, ID, topic, true);
        PartitionLog made = folders.find(longest);
        Path other = root.resolve(made.folder().path().endsWith("a") ? "b" : "a");
        assertThat(moved(longest, other)).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldWaitForRoom() {
        append(MANY);
        disk.usable(root.resolve("b"), 1 << 20);
        move("b");
        finish();
        assertThat(log.folder().path()).isEqualTo(root.resolve("a"));
        disk.usable(root.resolve("b"), 1 << 30);
        timer.run(10_000);
        awaitIn("b");
        assertHolds(0, MANY);
    }

    @Test
    void shouldKeepToItsRate() {
        // given  a second for each MiB
        folders.reconfigure(settings.withMoves(new MoveProperties(1, 1 << 20)));
        append(MANY);
        move("b");
        // when, then
        int seconds = 0;
        finish();
        while (!folders.moving().isEmpty()) {
            clock.advance(1000);
            timer.run(1000);
            finish();
            assertThat(++seconds).isLessThan(100);
        }
        assertThat(seconds).isBetween(2, 4);
        assertHolds(0, MANY);
    }

    @Test
    void shouldNotCopyDamage() throws IOException {
        // given  a batch amid the log that is not as it was written
        append(10);
        log.flush();
        Path segment = root.resolve("a/orders-0/00000000000000000000.log");
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.wrap(new byte[] {99, 99, 99}), 3 * VALUE_BYTES + 20_000);
        }
        TestingSuspicions suspicions = new TestingSuspicions();
        log.listen(suspicions);
        // when
        move("b");
        finish();
        // then   it stays, and somebody looks after it
        assertThat(log.folder().path()).isEqualTo(root.resolve("a"));
        assertThat(suspicions.all).isNotEmpty();
        // and    goes when it is mended
        log.cutDamage(3);
        append(1);
        timer.run(10_000);
        awaitIn("b");
        assertHolds(0, 4);
    }

    @Test
    void shouldSayThatTheOtherFolderFailsBeforeItBegins() {
        append(1);
        disk.failWrites(root.resolve("b"), "No space left on device");
        assertThat(moved(ORDERS, root.resolve("b"))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(offline).containsExactly("b 0");
        assertThat(folders.moving()).isEmpty();
        assertHolds(0, 1);
    }

    @Test
    void shouldStayWhereTheOtherFolderFails() throws IOException {
        append(MANY);
        move("b");
        threads.runMove();
        disk.failWrites(root.resolve("b"), "No space left on device");
        finish();
        assertThat(offline).containsExactly("b 0");
        assertThat(log.folder().path()).isEqualTo(root.resolve("a"));
        assertHolds(0, MANY);
        append(1);
        assertThat(moved(ORDERS, root.resolve("b"))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    /** A log that is compacted, in which each key has been deleted. */
    private void deleteKeys() {
        folders.delete(ORDERS);
        finish();
        topic = new TestingTopic()
                .segmentBytes(300_000)
                .delete(false)
                .compact(true)
                .minCleanableDirtyRatio(0)
                .deleteRetentionMs(1)
                .fileDeleteDelayMs(1)
                .properties();
        create("a");
        for (int i = 0; i < MANY; i++) {
            put("k" + i, new byte[VALUE_BYTES]);
        }
        for (int i = 0; i < MANY; i++) {
            put("k" + i, null);
        }
        for (int i = 0; i < 10; i++) {
            put("last", new byte[VALUE_BYTES]);
        }
    }

    private void put(String key, byte[] value) {
        SimpleRecord record = new SimpleRecord(clock.wallMs(), key.getBytes(StandardCharsets.UTF_8), value);
        log.appendAsLeader(TestingBatches.of(Compression.NONE, -1, 0, -1, false, record), epoch, AppendOrigin.CLIENT);
        log.advanceHighWatermark(log.logEndOffset());
    }

    private List<String> keys() {
        Map<String, Boolean> there = new TreeMap<>();
        for (long at = 0; at < log.logEndOffset(); ) {
            ReadResult.Found found = (ReadResult.Found) log.read(at, log.logEndOffset(), 1 << 20, true);
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.forEach(record -> there.put(CleanerScene.text(record.key()), record.hasValue()));
                    at = batch.nextOffset();
                }
                slice.release();
            }
        }
        return there.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    private void clean() {
        for (int pass = 0; pass < 4; pass++) {
            clock.advance(60_000);
            timer.run(60_000);
        }
    }

    @Test
    void shouldNotBringBackWhatWasDeleted() {
        // given  records are copied whose tombstones are not
        deleteKeys();
        move("b");
        threads.runMove();
        // when   there is time to compact the log
        clean();
        awaitIn("b");
        // then
        assertThat(keys()).containsExactly("last");
        // and    it is compacted when it is there
        clean();
        assertThat(((SegmentedLog) log).cleanedTo()).isGreaterThan(2 * MANY);
        assertThat(keys()).containsExactly("last");
    }

    @Test
    void shouldNotBringBackWhatWasDeletedWhileTheOtherFolderWasAway() throws IOException {
        // given  records are copied whose tombstones are not
        deleteKeys();
        move("b");
        threads.runMove();
        threads.holdMoves(false);
        folders.close(1);
        threads.holdMoves(true);
        // when   the log is compacted without the other folder
        Files.move(root.resolve("b"), root.resolve("away"));
        Files.createFile(root.resolve("b"));
        timer.forget();
        open();
        clean();
        assertThat(((SegmentedLog) log).cleanedTo()).isGreaterThan(2 * MANY);
        folders.close(2);
        Files.delete(root.resolve("b"));
        Files.move(root.resolve("away"), root.resolve("b"));
        timer.forget();
        open();
        awaitIn("b");
        // then
        assertThat(keys()).containsExactly("last");
    }

    @Test
    void shouldBeFoundWhereItWentWhenTheFolderThatItLeftHadFailed() throws IOException {
        // given  a folder that can be read but not written any more
        append(3);
        disk.failWrites(root.resolve("a"), "Read-only file system");
        move("b");
        finish();
        assertThat(log.folder().path()).isEqualTo(root.resolve("b"));
        assertThat(names("a")).containsExactly("orders-0");
        append(2);
        folders.close(1);
        // when   it is not there at the next start, and mended at the one after
        disk = new TestingDisk(new Random(1));
        Files.move(root.resolve("a"), root.resolve("away"));
        Files.createFile(root.resolve("a"));
        timer.forget();
        open();
        assertHolds(0, 5);
        folders.close(2);
        Files.delete(root.resolve("a"));
        Files.move(root.resolve("away"), root.resolve("a"));
        timer.forget();
        offline.clear();
        open();
        // then
        assertHolds(0, 5);
        assertThat(log.folder().path()).isEqualTo(root.resolve("b"));
        assertThat(names("a")).containsExactly("orders-0-delete");
        assertThat(root.resolve("b/orders-0/moved-from")).doesNotExist();
        assertThat(offline).isEmpty();
    }

    @Test
    void shouldTellThatWhatWaitedForTheDiskIsThere() {
        // given  records that are to be on disk before they are acknowledged
        log.reconfigure(new TestingTopic().flushMessages(1).properties());
        threads.holdFlushes();
        List<Long> acknowledgeable = new ArrayList<>();
        log.listen(new PartitionLog.Listener() {
            @Override
            public void onAcknowledgeable(PartitionLog of) {
                acknowledgeable.add(of.acknowledgeableOffset());
            }

            @Override
            public void onLogStartMoved(PartitionLog of) {}

            @Override
            public void onSuspect(PartitionLog of, long offset) {}

            @Override
            public void onFailed(PartitionLog of) {}
        });
        append(3);
        assertThat(log.acknowledgeableOffset()).isZero();
        // when   the log goes on elsewhere before they are
        move("b");
        awaitIn("b");
        threads.runFlushes();
        // then
        assertThat(acknowledgeable).contains(3L);
    }

    @Test
    void shouldNotMoveWhatLiesInAFolderThatFailed() throws IOException {
        disk.failWrites(root.resolve("a"), "No space left on device");
        log.appendAsLeader(TestingBatches.plain(1, clock.wallMs(), 10), epoch, AppendOrigin.CLIENT);
        assertThat(offline).containsExactly("a 1");
        assertThat(moved(ORDERS, root.resolve("b"))).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldLoseNothingToACrashAtAnyMoment(int seed) throws IOException {
        // given  how many changes of files a move takes
        valueBytes = 100;
        topic = TestingLogs.small(600, 100);
        int moments = changesOfAMove(Integer.MAX_VALUE, seed);
        assertThat(moments).isGreaterThan(30);
        for (int moment = 0; moment <= moments; moment++) {
            // when
            changesOfAMove(moment, seed);
            timer.forget();
            locks.release();
            disk.crash(root);
            offline.clear();
            open();
            // then   it is there, once, and a move that had begun goes on, or can be begun again
            assertThat(log).as("moment %s", moment).isNotNull();
            assertHolds(0, 12);
            if (isPromised) {
                assertThat(folders.moving().size() + names("b").size())
                        .as("moment %s", moment)
                        .isPositive();
            }
            move("b");
            awaitIn("b");
            assertHolds(0, 12);
            append(1);
            folders.close(3);
            open();
            assertHolds(0, 13);
            folders.close(4);
        }
    }

    /** Makes all anew and moves a log that is on disk; the power goes after so many changes. */
    private int changesOfAMove(int powerGoesAfter, int seed) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!path.equals(root)) {
                    Files.delete(path);
                }
            }
        }
        timer.forget();
        locks.release();
        disk = new TestingDisk(new Random(seed));
        offline.clear();
        open();
        create("a");
        append(12);
        log.flush();
        folders.close(1);
        open();
        log.flush();
        int before = disk.changes();
        disk.cutPowerAfter(powerGoesAfter);
        isPromised = moved(ORDERS, root.resolve("b")) == null;
        while (threads.runMove()) {
            // the next step
        }
        return disk.changes() - before;
    }
}
