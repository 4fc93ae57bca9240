package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit turns in the last offset that a stored batch names: by that field a log finds its way. */
class TurnedLastOffsetTest {
    private static final int LENGTH_AT = 8;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int DELTA_AT = 23;
    private static final int BATCHES = 40;
    private static final int RECORDS = 3;
    private static final long END = BATCHES * RECORDS;
    /** Of the batch that is damaged. */
    private static final long BASE = 60;

    private static final TopicProperties TOPIC = TestingLogs.small(1 << 20, 1000);

    @TempDir
    Path root;

    private final TestingSuspicions suspicions = new TestingSuspicions();
    private TestingLogs logs;
    private SegmentedLog log;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        log = logs.create(TOPIC);
    }

    private void append(int batches) {
        for (int i = 0; i < batches; i++) {
            log.appendAsLeader(TestingBatches.plain(RECORDS, 1000 + i, 50), new LeaderEpoch(1), AppendOrigin.CLIENT);
        }
    }

    private void close() throws IOException {
        log.close();
        logs.renewFolder();
    }

    private void open() {
        log = logs.open(TOPIC, new LogOpener.Known(true, END, END, 0));
        log.listen(suspicions);
    }

    private Path file() {
        return logs.path().resolve(SegmentFiles.name(0, SegmentFiles.LOG));
    }

    private void turn(long base, int bit) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file()));
        int position = 0;
        while (bytes.getLong(position) != base) {
            position += LENGTH_AT + Integer.BYTES + bytes.getInt(position + LENGTH_AT);
        }
        bytes.putInt(position + DELTA_AT, bytes.getInt(position + DELTA_AT) ^ 1 << bit);
        Files.write(file(), bytes.array());
    }

    private Errors error(long from) {
        return log.read(from, END, 1 << 20, true) instanceof ReadResult.Refused refused
                ? refused.failure().error()
                : Errors.NONE;
    }

    /** Base offset of the batch with which an answer begins. */
    private long first(long from) {
        ReadResult.Found found = (ReadResult.Found) log.read(from, END, 1 << 20, true);
        long base =
                TestingLogs.batches(found.slices().getFirst()).iterator().next().baseOffset();
        found.slices().forEach(FileSlice::release);
        return base;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 6, 20, 30, 31})
    void shouldNeitherPassOverTheBatchNorKeepAReaderFromOthers(int bit) throws IOException {
        // given
        append(BATCHES);
        close();
        turn(BASE, bit);
        open();
        assertThat(log.logEndOffset()).isEqualTo(END);
        // when, then   who asks for what is in it learns that it is damaged, and so does the partition
        for (long offset = BASE; offset < BASE + RECORDS; offset++) {
            assertThat(error(offset)).as("offset %s", offset).isEqualTo(Errors.CORRUPT_MESSAGE);
        }
        assertThat(suspicions.all).containsExactly("t@" + BASE, "t@" + (BASE + 1), "t@" + (BASE + 2));
        // and          who asks for others gets them
        for (long offset = 0; offset < END; offset++) {
            if (offset < BASE || offset >= BASE + RECORDS) {
                assertThat(first(offset)).as("offset %s", offset).isEqualTo(offset - offset % RECORDS);
            }
        }
        assertThat(suspicions.all).hasSize(RECORDS);
        assertThat(logs.offline).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 31})
    void shouldLookAtWhatWasAppendedLatelyOnceItMayComeFromTheDisk(int bit) throws IOException {
        // given  batches that are remembered, but have left the tail window
        LogProperties usual = LogProperties.DEFAULTS;
        logs.settings = new LogProperties(
                usual.logDirs(),
                usual.recoveryThreadsPerDataDir(),
                usual.flushSchedulerIntervalMs(),
                usual.flushOffsetCheckpointIntervalMs(),
                usual.flushStartOffsetCheckpointIntervalMs(),
                usual.highWatermarkCheckpointIntervalMs(),
                usual.retentionCheckIntervalMs(),
                usual.initialTaskDelayMs(),
                usual.producers(),
                usual.scrubIntervalMs(),
                usual.scrubIoMaxBytesPerSecond(),
                usual.cleaner(),
                usual.moves(),
                1,
                1);
        close();
        log = logs.open(TOPIC, new LogOpener.Known(true, 0, 0, 0));
        append(BATCHES);
        turn(BASE, bit);
        // then
        assertThat(error(BASE)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(first(BASE + RECORDS)).isEqualTo(BASE + RECORDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 30, 31})
    void shouldBuildIndexesThatLeadRight(int bit) throws IOException {
        // given
        append(BATCHES);
        close();
        turn(BASE, bit);
        Files.delete(logs.path().resolve(SegmentFiles.name(0, SegmentFiles.OFFSET_INDEX)));
        open();
        // then
        for (long offset = 0; offset < END; offset += RECORDS) {
            if (offset != BASE) {
                assertThat(first(offset)).isEqualTo(offset);
            }
        }
        assertThat(error(BASE)).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 30, 31})
    void shouldNotEndWhereADamagedLastBatchSays(int bit) throws IOException {
        // given
        append(BATCHES);
        close();
        turn(END - RECORDS, bit);
        // when
        open();
        // then   it goes on before it, and knows that something is missing
        assertThat(log.logEndOffset()).isEqualTo(END - RECORDS);
        assertThat(log.lacksCommitted()).isTrue();
        append(1);
        assertThat(TestingLogs.offsets(log, 0, 1 << 20))
                .isEqualTo(LongStream.range(0, END).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 30, 31})
    void shouldCutBehindAndBeforeTheBatchAsAskedFor(int bit) throws IOException {
        for (long offset : new long[] {BASE + 3 * RECORDS, BASE + RECORDS, BASE + 1, BASE - RECORDS}) {
            append((int) ((END - log.logEndOffset()) / RECORDS));
            close();
            turn(BASE, bit);
            open();
            // when
            log.truncateTo(offset).toCompletableFuture().join();
            // then
            assertThat(log.logEndOffset()).isEqualTo(Math.min(offset, offset == BASE + 1 ? BASE : offset));
            assertThat(logs.offline).isEmpty();
            log.truncateTo(BASE).toCompletableFuture().join();
        }
    }

    @Test
    void shouldBelieveABatchThatWasCompactedByItsChecksum() throws IOException {
        // given  batches of three records out of ten offsets each, with room between them
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = TestingBatches.fromLeader(i * 15L, 1, RECORDS, 1000 + i, 50);
            batch.putInt(DELTA_AT, 9);
            CRC32C crc = new CRC32C();
            crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
            batch.putInt(CRC_AT, (int) crc.getValue());
            assertThat(log.appendAsFollower(batch)).isInstanceOf(AppendResult.Appended.class);
        }
        log.close();
        logs.renewFolder();
        open();
        // then   within one and between two
        assertThat(log.logEndOffset()).isEqualTo(BATCHES * 15L - 5);
        assertThat(first(38)).isEqualTo(30);
        assertThat(first(41)).isEqualTo(45);
        // when   one names an end before its own, and one behind the next batch
        log.close();
        logs.renewFolder();
        turn(30, 3);
        turn(60, 5);
        open();
        // then
        assertThat(error(38)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(error(61)).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(first(75)).isEqualTo(75);
        assertThat(first(50)).isEqualTo(45);
    }
}
