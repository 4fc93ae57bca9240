package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs in whose files a bit has changed. */
class DamagedSegmentTest {
    private static final TopicProperties TOPIC = TestingLogs.small(700, 200);
    private static final int SIZE_POSITION = 8;

    @TempDir
    Path root;

    private final TestingSuspicions suspicions = new TestingSuspicions();
    private SegmentedLog log;
    private TestingLogs logs;

    /** Batches of two records, in several segments. */
    @BeforeEach
    void append() {
        logs = new TestingLogs(root, Disk.system());
        log = logs.create(TOPIC);
        for (int i = 0; i < 30; i++) {
            log.appendAsLeader(TestingBatches.plain(2, 1000 + i, 50), new LeaderEpoch(1), AppendOrigin.CLIENT);
        }
        log.advanceHighWatermark(60);
        assertThat(log.segments()).isGreaterThan(4);
        log.listen(suspicions);
    }

    /** Flips a bit of the batch that begins with that offset; returns the base offset of its segment. */
    private long flip(long offset, int at) throws IOException {
        long base = 0;
        ReadResult.Found found = (ReadResult.Found) log.read(offset, 60, 1, true);
        FileSlice slice = found.slices().getFirst();
        ByteBuffer batch = ByteBuffer.allocate(slice.length());
        slice.readInto(batch);
        assertThat(batch.getLong(0)).isEqualTo(offset);
        for (long begins : bases()) {
            if (begins <= offset) {
                base = Math.max(base, begins);
            }
        }
        Path file = logs.path().resolve(SegmentFiles.name(base, SegmentFiles.LOG));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long position = slice.position() + (at < 0 ? slice.length() + at : at);
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x40)).flip();
            channel.write(one, position);
        }
        slice.release();
        return base;
    }

    /** Base offsets of all segments. */
    private List<Long> bases() throws IOException {
        try (Stream<Path> files = Files.list(logs.path())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log"))
                    .map(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
                    .toList();
        }
    }

    private boolean isDamaged(long from) {
        return log.findDamage(from).toCompletableFuture().join().isPresent();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldCutFromADamagedBatchOnAndGoOn() throws IOException {
        // given  a bit of a value, in a segment amid the log
        assertThat(isDamaged(0)).isFalse();
        flip(26, -1);
        assertThat(isDamaged(0)).isTrue();
        assertThat(isDamaged(59)).isFalse();

        // when
        log.cutDamage(0).toCompletableFuture().join();

        // then   what is before is whole, and what comes after is taken
        assertThat(log.logEndOffset()).isEqualTo(26);
        assertThat(log.highWatermark()).isEqualTo(26);
        assertThat(isDamaged(0)).isFalse();
        assertThat(log.appendAsFollower(TestingBatches.fromLeader(26, 2, 2, 2000, 50)))
                .isInstanceOf(AppendResult.Appended.class);
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(range(0, 28));
    }

    @Test
    void shouldCutASegmentWholeThatBeginsWithDamage() throws IOException {
        long base = flip(26, -1);
        flip(base, -1);
        assertThat(isDamaged(30)).as("nothing is wrong behind it").isFalse();
        log.cutDamage(base).toCompletableFuture().join();
        assertThat(log.logEndOffset()).isEqualTo(base);
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).isEqualTo(range(0, base));
    }

    @Test
    void shouldCutNothingWhereSomethingIsDamagedBeforeByNow() throws IOException {
        flip(26, -1);
        assertThat(log.findDamage(0).toCompletableFuture().join()).hasValue(26);
        flip(24, -1);
        log.cutDamage(26).toCompletableFuture().join();
        assertThat(log.logEndOffset()).isEqualTo(60);
        assertThat(log.findDamage(0).toCompletableFuture().join()).hasValue(24);
    }

    @Test
    void shouldDropAllWhereTheFirstBatchIsDamaged() throws IOException {
        flip(0, -1);
        log.cutDamage(0).toCompletableFuture().join();
        assertThat(log.logEndOffset()).isZero();
        assertThat(log.logStartOffset()).isZero();
    }

    @Test
    void shouldTellOfAReadThatMeetsNoBatch() throws IOException {
        flip(26, SIZE_POSITION);
        ReadResult read = log.read(26, 60, 1, true);
        assertThat(((ReadResult.Refused) read).failure().error()).isEqualTo(Errors.CORRUPT_MESSAGE);
        assertThat(suspicions.all).containsExactly("t@26");
        // and    where it is, is found although its size is not known
        log.cutDamage(26).toCompletableFuture().join();
        assertThat(log.logEndOffset()).isEqualTo(26);
    }

    @Test
    void shouldTellOfASearchByTimeThatMeetsDamage() throws IOException {
        flip(26, -1);
        assertThat(log.offsetForTimestamp(1014, 60).toCompletableFuture()).isCompletedExceptionally();
        assertThat(suspicions.all).containsExactly("t@0");
    }
}
