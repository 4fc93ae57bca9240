package io.ottla.storage;

import static io.ottla.storage.TestingLogs.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.TopicProperties;
import io.ottla.record.OversizedRecord;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentedLogTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(3);

    @TempDir
    Path root;

    private TestingLogs logs;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
    }

    private static AppendResult append(PartitionLog log, int count, int valueBytes) {
        return log.appendAsLeader(TestingBatches.plain(count, 1000, valueBytes), EPOCH, AppendOrigin.CLIENT);
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldReadWhatWasAppended() {
        // given
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        // when
        AppendResult first = append(log, 3, 10);
        AppendResult second = append(log, 2, 10);
        // then
        assertThat(first).isInstanceOfSatisfying(AppendResult.Appended.class, appended -> {
            assertThat(appended.firstOffset()).isZero();
            assertThat(appended.lastOffset()).isEqualTo(2);
        });
        assertThat(second)
                .isInstanceOfSatisfying(
                        AppendResult.Appended.class,
                        appended -> assertThat(appended.firstOffset()).isEqualTo(3));
        assertThat(log.logEndOffset()).isEqualTo(5);
        assertThat(log.latestEpoch()).isEqualTo(EPOCH);
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(range(0, 5));
        assertThat(TestingLogs.offsets(log, 4, 1 << 20)).isEqualTo(range(4, 5));
    }

    @Test
    void shouldReadAcrossSegmentsFromEveryOffset() {
        // given  several segments, several index entries in each
        SegmentedLog log = logs.create(small(2000, 200));
        for (int i = 0; i < 100; i++) {
            append(log, 1 + i % 3, i % 50);
        }
        assertThat(log.segments()).isGreaterThan(4);
        // when, then
        for (long offset = 0; offset < log.logEndOffset(); offset++) {
            assertThat(TestingLogs.offsets(log, offset, 300)).isEqualTo(range(offset, log.logEndOffset()));
        }
    }

    @Test
    void shouldEndReadsAtTheLimitAndAtWholeBatches() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 10; i++) {
            append(log, 2, 50);
        }
        // a limit between batches, one inside a batch, too few bytes, too few bytes but at least one batch
        assertThat(bytes(log.read(0, 4, 1 << 20, true))).isEqualTo(bytes(log.read(4, 8, 1 << 20, true)));
        assertThat(bytes(log.read(0, 5, 1 << 20, true))).isEqualTo(bytes(log.read(0, 4, 1 << 20, true)));
        int one = bytes(log.read(0, 2, 1 << 20, true));
        assertThat(bytes(log.read(0, 20, one * 3 + 5, true))).isEqualTo(3 * one);
        assertThat(bytes(log.read(0, 20, one - 1, false))).isZero();
        assertThat(bytes(log.read(0, 20, one - 1, true))).isEqualTo(one);
        assertThat(bytes(log.read(20, 20, 1000, true))).isZero();
    }

    private static int bytes(ReadResult result) {
        ReadResult.Found found = (ReadResult.Found) result;
        found.slices().forEach(FileSlice::release);
        assertThat(found.slices().stream().mapToInt(FileSlice::length).sum()).isEqualTo(found.bytes());
        return found.bytes();
    }

    @Test
    void shouldRefuseOffsetsOutOfRange() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, 5, 10);
        log.advanceHighWatermark(5);
        assertThat(log.advanceLogStart(2)).isTrue();
        assertThat(error(log.read(1, 5, 1000, true))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(error(log.read(6, 7, 1000, true))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(log.advanceLogStart(6)).isFalse();
    }

    private static Errors error(ReadResult result) {
        return ((ReadResult.Refused) result).failure().error();
    }

    private static Errors error(AppendResult result) {
        return ((AppendResult.Refused) result).failure().error();
    }

    @Test
    void shouldOpenCleanlyWhatWasClosed() throws IOException {
        // given
        SegmentedLog log = logs.create(small(2000, 200));
        for (int i = 0; i < 60; i++) {
            append(log, 2, 30);
        }
        log.appendAsLeader(TestingBatches.idempotent(9, 1, 0, 3, logs.clock.wallMs()), EPOCH, AppendOrigin.CLIENT);
        long end = log.logEndOffset();
        log.close();
        // when
        SegmentedLog again = logs.open(small(2000, 200), new LogOpener.Known(true, end, end, 0));
        // then
        assertThat(again.logEndOffset()).isEqualTo(end);
        assertThat(again.highWatermark()).isEqualTo(end);
        assertThat(again.topicId()).isEqualTo(log.topicId());
        assertThat(again.latestEpoch()).isEqualTo(EPOCH);
        assertThat(TestingLogs.offsets(again, 0, 500)).isEqualTo(range(0, end));
        AppendResult repeated = again.appendAsLeader(
                TestingBatches.idempotent(9, 1, 0, 3, logs.clock.wallMs()), EPOCH, AppendOrigin.CLIENT);
        assertThat(repeated).isEqualTo(new AppendResult.Duplicate(end - 3, end - 1, logs.clock.wallMs() + 2));
        assertThat(Files.size(root.resolve("t-0/00000000000000000000.index")) % 8)
                .isZero();
    }

    @Test
    void shouldRecoverWhatAKilledProcessLeft() throws IOException {
        // given  a log that nobody closed, and a torn batch at its end
        SegmentedLog log = logs.create(small(4000, 200));
        for (int i = 0; i < 100; i++) {
            append(log, 2, 30);
        }
        long end = log.logEndOffset();
        Path active = logs.path().resolve("%020d.log".formatted(lastBase(log)));
        byte[] torn = new byte[50];
        Files.write(active, torn, java.nio.file.StandardOpenOption.APPEND);
        // when
        SegmentedLog again = logs.open(small(4000, 200), new LogOpener.Known(false, 120, 100, 0));
        // then
        assertThat(again.logEndOffset()).isEqualTo(end);
        assertThat(TestingLogs.offsets(again, 0, 500)).isEqualTo(range(0, end));
        assertThat(again.segments()).isEqualTo(log.segments());
    }

    private static long lastBase(SegmentedLog log) throws IOException {
        try (var files = Files.list(log.path())) {
            return files.map(file -> SegmentFiles.offset(file, ".log"))
                    .filter(java.util.OptionalLong::isPresent)
                    .mapToLong(java.util.OptionalLong::getAsLong)
                    .max()
                    .orElseThrow();
        }
    }

    @Test
    void shouldCutBatchesAndGoOnFromThere() {
        // given
        SegmentedLog log = logs.create(small(1500, 200));
        for (int i = 0; i < 50; i++) {
            append(log, 2, 30);
        }
        // when  cut within a batch
        log.truncateTo(31).toCompletableFuture().join();
        // then  that batch is gone too
        assertThat(log.logEndOffset()).isEqualTo(30);
        append(log, 2, 30);
        assertThat(TestingLogs.offsets(log, 0, 300)).isEqualTo(range(0, 32));
    }

    @Test
    void shouldGoOnAtAnyOffsetAfterDroppingAll() {
        SegmentedLog log = logs.create(small(1500, 200));
        for (int i = 0; i < 50; i++) {
            append(log, 2, 30);
        }
        log.truncateFullyAndStartAt(1000).toCompletableFuture().join();
        assertThat(log.logStartOffset()).isEqualTo(1000);
        assertThat(log.logEndOffset()).isEqualTo(1000);
        append(log, 2, 30);
        assertThat(TestingLogs.offsets(log, 1000, 300)).isEqualTo(range(1000, 1002));
    }

    @Test
    void shouldTakeBatchesOfALeaderAsTheyAre() {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        assertThat(log.appendAsFollower(TestingBatches.fromLeader(0, 1, 3, 100, 10)))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(log.appendAsFollower(TestingBatches.fromLeader(5, 2, 3, 100, 10)))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(error(log.appendAsFollower(TestingBatches.fromLeader(7, 2, 3, 100, 10))))
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(log.logEndOffset()).isEqualTo(8);
        assertThat(log.endOffsetOf(new LeaderEpoch(1))).isEqualTo(new EpochEnd(new LeaderEpoch(1), 5));
        assertThat(log.endOffsetOf(new LeaderEpoch(2))).isEqualTo(new EpochEnd(new LeaderEpoch(2), 8));
        assertThat(log.epochAt(4)).isEqualTo(new LeaderEpoch(1));
        assertThat(TestingLogs.offsets(log, 3, 1000)).containsExactly(5L, 6L, 7L);
    }

    @Test
    void shouldServeOldFormats() {
        SegmentedLog log = logs.create(small(1 << 20, 100));
        log.appendAsFollower(TestingBatches.legacy((byte) 0, 0, Compression.NONE, 4, 100));
        log.appendAsFollower(
                TestingBatches.legacy((byte) 1, 4, Compression.gzip().build(), 4, 200));
        log.appendAsFollower(TestingBatches.fromLeader(8, 2, 3, 300, 10));
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(range(0, 11));
        assertThat(log.offsetForTimestamp(202, 11).toCompletableFuture().join().offset())
                .isEqualTo(6);
        assertThat(log.offsetForTimestamp(301, 11).toCompletableFuture().join())
                .isEqualTo(new TimestampOffset(301, 9, new LeaderEpoch(2)));
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void shouldKeepAllRecordsOfACompressedSetThatBeginsASegment(byte magic) {
        // given  a follower that takes compressed sets of four records of an old format, until two segments begin with
        // one
        SegmentedLog log = logs.create(
                new TestingTopic().segmentBytes(600).retentionBytes(0).properties());
        long next = 0;
        while (log.segments() < 3) {
            log.appendAsFollower(
                    TestingBatches.legacy(magic, next, Compression.gzip().build(), 4, logs.clock.wallMs()));
            next += 4;
        }
        log.advanceHighWatermark(next - 1);
        // when   retention deletes segments before such a set
        log.retain();
        // then   the log starts with the set's first record, not with its last one
        assertThat(log.segments()).isEqualTo(1);
        assertThat(log.logStartOffset()).isPositive().matches(start -> start % 4 == 0);
        assertThat(TestingLogs.offsets(log, log.logStartOffset(), 1 << 20))
                .isEqualTo(LongStream.range(log.logStartOffset(), next).boxed().toList());
    }

    @Test
    void shouldFindOffsetsByTime() {
        SegmentedLog log = logs.create(small(1500, 100));
        for (int i = 0; i < 100; i++) {
            log.appendAsLeader(TestingBatches.plain(2, 1000 + i * 10L, 20), EPOCH, AppendOrigin.CLIENT);
        }
        for (int i = 0; i < 100; i++) {
            long found = log.offsetForTimestamp(1000 + i * 10L, 200)
                    .toCompletableFuture()
                    .join()
                    .offset();
            assertThat(found).isEqualTo(i * 2L);
        }
        assertThat(log.offsetForTimestamp(5000, 200).toCompletableFuture().join())
                .isEqualTo(TimestampOffset.NONE);
        assertThat(log.offsetForTimestamp(-3, 200).toCompletableFuture().join().offset())
                .isEqualTo(199);
        assertThat(log.offsetForTimestamp(-2, 200).toCompletableFuture().join().offset())
                .isZero();
    }

    @Test
    void shouldNotLookUpTimesInRecordsThatAreTooLargeByNow() {
        // given  a large record after a small one in a compressed batch of each format, and an uncompressed one
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        Compression gzip = Compression.gzip().build();
        for (byte magic = 1; magic <= 2; magic++) {
            log.appendAsFollower(MemoryRecords.withRecords(
                            magic,
                            2L * (magic - 1),
                            gzip,
                            TimestampType.CREATE_TIME,
                            new SimpleRecord(100 * magic, new byte[10]),
                            new SimpleRecord(100 * magic + 1, new byte[5000]))
                    .buffer());
        }
        log.appendAsFollower(TestingBatches.fromLeader(4, 1, 1, 300, 5000));
        assertThat(List.of(at(log, 100), at(log, 101), at(log, 200), at(log, 201), at(log, 300)))
                .containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(at(log, -3)).isEqualTo(4);
        // when  the limit is less than that
        log.reconfigure(new TestingTopic().maxDecompressedMessageBytes(1000).properties());
        // then  lookups that have to read it tell so
        for (long timestamp : new long[] {100, 101, 201}) {
            assertThatThrownBy(() -> at(log, timestamp))
                    .hasCauseInstanceOf(OversizedRecord.class)
                    .hasMessageContaining("at most 1000 bytes once decompressed (max.decompressed.message.bytes)")
                    .hasMessageContaining("but it has 50");
        }
        // and   those that need not are answered
        assertThat(List.of(at(log, 200), at(log, 300), at(log, -3), at(log, -2)))
                .containsExactly(2L, 4L, 4L, 0L);
        // and   it may be raised again
        log.reconfigure(new TestingTopic().maxDecompressedMessageBytes(6000).properties());
        assertThat(at(log, 101)).isEqualTo(1);
        assertThat(at(log, 201)).isEqualTo(3);
    }

    private static long at(SegmentedLog log, long timestamp) {
        return log.offsetForTimestamp(timestamp, log.logEndOffset())
                .toCompletableFuture()
                .join()
                .offset();
    }

    @Test
    void shouldTellHotFromCold() throws IOException {
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        append(log, 2, 30);
        append(log, 2, 30);
        assertThat(log.isHot(0, 4, 1000, true)).isTrue();
        assertThat(isHot(log, 0)).isTrue();
        log.close();
        SegmentedLog again = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 4, 4, 0));
        append(again, 2, 30);
        assertThat(again.isHot(2, 6, 1000, false)).isFalse();
        assertThat(isHot(again, 2)).isFalse();
        assertThat(again.isHot(4, 6, 1000, false)).isTrue();
        assertThat(isHot(again, 4)).isTrue();
    }

    private static boolean isHot(PartitionLog log, long offset) {
        ReadResult.Found found = (ReadResult.Found) log.read(offset, offset + 2, 1000, true);
        boolean hot = found.slices().getFirst().isHot();
        found.slices().forEach(FileSlice::release);
        return hot;
    }

    @Test
    void shouldLetAReaderWhoGoesOnReadOldBatchesWithoutADetour() throws IOException {
        // given  a log that this process has not written, and that is all in memory
        TestingDisk disk = new TestingDisk(new Random(1));
        disk.saysThatAllIsInMemory();
        logs = new TestingLogs(root, disk);
        SegmentedLog written = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 100; i++) {
            append(written, 2, 30);
        }
        written.close();
        SegmentedLog log = logs.open(TopicProperties.DEFAULTS, new LogOpener.Known(true, 200, 200, 0));
        // when   somebody reads from somewhere
        assertThat(log.isHot(20, 200, 500, true)).isFalse();
        long next = read(log, 20, 500);
        // then   going on from there needs no disk, but beginning elsewhere may
        assertThat(next).isGreaterThan(20);
        assertThat(log.isHot(next, 200, 500, true)).isTrue();
        assertThat(log.isHot(next - 1, 200, 500, true)).isFalse();
        while (next < 200) {
            assertThat(log.isHot(next, 200, 500, true)).as("at %s", next).isTrue();
            next = read(log, next, 500);
        }
        assertThat(next).isEqualTo(200);
    }

    @Test
    void shouldForgetWhereReadersStoppedWhenTheLogIsCut() {
        // given  readers that stopped everywhere
        SegmentedLog log = logs.create(TopicProperties.DEFAULTS);
        for (int i = 0; i < 60; i++) {
            append(log, 2, 30);
        }
        assertThat(TestingLogs.offsets(log, 0, 200)).isEqualTo(range(0, 120));
        // when   the log is cut, and goes on with larger batches
        log.truncateTo(10).toCompletableFuture().join();
        for (int i = 0; i < 40; i++) {
            append(log, 3, 100);
        }
        // then
        for (long offset = 0; offset < 130; offset++) {
            assertThat(TestingLogs.offsets(log, offset, 700)).isEqualTo(range(offset, 130));
        }
    }

    /** Reads, and returns where a reader goes on. */
    private static long read(PartitionLog log, long from, int maxBytes) {
        long next = from;
        for (FileSlice slice : ((ReadResult.Found) log.read(from, log.logEndOffset(), maxBytes, true)).slices()) {
            for (var batch : TestingLogs.batches(slice)) {
                next = batch.nextOffset();
            }
            slice.release();
        }
        return next;
    }

    @Test
    void shouldKeepADeletedSegmentOpenForItsReader() throws IOException {
        // given  a reader of the first segment
        SegmentedLog log = logs.create(
                new TestingTopic().segmentBytes(1000).retentionBytes(1000).properties());
        for (int i = 0; i < 50; i++) {
            append(log, 2, 30);
        }
        log.advanceHighWatermark(log.logEndOffset());
        ReadResult.Found found = (ReadResult.Found) log.read(0, 100, 300, true);
        // when
        log.retain();
        logs.timer.run(Long.MAX_VALUE);
        // then
        assertThat(log.logStartOffset()).isGreaterThan(2);
        assertThat(Files.exists(logs.path().resolve("00000000000000000000.log.deleted")))
                .isFalse();
        FileSlice slice = found.slices().getFirst();
        assertThat(TestingLogs.batches(slice).iterator().next().baseOffset()).isZero();
        slice.release();
        assertThat(slice.channel().isOpen()).isFalse();
    }
}
