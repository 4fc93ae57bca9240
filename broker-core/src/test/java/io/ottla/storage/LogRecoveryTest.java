package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that nobody closed, where nothing is known but what lies in their own folder. */
class LogRecoveryTest {
    private static final TopicProperties TOPIC = TestingLogs.small(700, 200);

    @TempDir
    Path root;

    private TestingLogs logs;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
    }

    private SegmentedLog reopenUnclean(SegmentedLog log) throws IOException {
        log.abandon();
        logs.threads.forgetBackground();
        logs.renewFolder();
        return logs.open(TOPIC, LogOpener.Known.NOTHING);
    }

    /** Appends as a follower of a leader whose log has gaps; returns the offsets. */
    private static List<Long> appendWithGaps(SegmentedLog log, int batches) {
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            long base = log.logEndOffset() + 7;
            assertThat(log.appendAsFollower(TestingBatches.fromLeader(base, 1, 2, 1000 + i, 50)))
                    .isInstanceOf(AppendResult.Appended.class);
            offsets.addAll(List.of(base, base + 1));
        }
        return offsets;
    }

    private static void append(SegmentedLog log, int batches) {
        for (int i = 0; i < batches; i++) {
            assertThat(log.appendAsLeader(
                            TestingBatches.plain(2, 1000 + i, 50), new LeaderEpoch(1), AppendOrigin.CLIENT))
                    .isInstanceOf(AppendResult.Appended.class);
        }
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(logs.path())) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldKeepSegmentsBehindAGap() throws IOException {
        // given  segments with offsets missing between them, all of them flushed, on a topic that is not compacted
        SegmentedLog log = logs.create(TOPIC);
        List<Long> offsets = appendWithGaps(log, 30);
        assertThat(log.segments()).isGreaterThan(4);
        log.flush().toCompletableFuture().join();
        // when  recovery has no recovery point to go by
        SegmentedLog again = reopenUnclean(log);
        // then
        assertThat(TestingLogs.offsets(again, again.logStartOffset(), 1 << 20)).isEqualTo(offsets);
        assertThat(files(".deleted")).isEmpty();
    }

    @Test
    void shouldKeepWhatAFlushAcknowledgedBehindAGapBeforeTheRollWasSettled() throws IOException {
        // given  rolls whose background work never came to run, and a flush
        SegmentedLog log = logs.create(TOPIC);
        logs.threads.holdBackground();
        List<Long> offsets = appendWithGaps(log, 30);
        assertThat(log.segments()).isGreaterThan(4);
        log.flush().toCompletableFuture().join();
        // when
        SegmentedLog again = reopenUnclean(log);
        // then
        assertThat(TestingLogs.offsets(again, again.logStartOffset(), 1 << 20)).isEqualTo(offsets);
    }

    @ParameterizedTest
    @ValueSource(strings = {".index", ".snapshot"})
    void shouldKeepSegmentsBehindAGapWhoseFilesSomebodyDeleted(String suffix) throws IOException {
        // given
        SegmentedLog log = logs.create(TOPIC);
        List<Long> offsets = appendWithGaps(log, 30);
        log.flush().toCompletableFuture().join();
        // when  an operator has indexes, or snapshots, built again
        for (Path file : files(suffix)) {
            Files.delete(file);
        }
        SegmentedLog again = reopenUnclean(log);
        // then
        assertThat(TestingLogs.offsets(again, again.logStartOffset(), 1 << 20)).isEqualTo(offsets);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndTheLogWhereATailIsLostThatWasNeverFlushed(boolean compact) throws IOException {
        // given  a flush, batches after it, and a roll after which the power fails before the first segment is on disk
        TopicProperties topic =
                new TestingTopic().segmentBytes(700).compact(compact).properties();
        SegmentedLog log = logs.create(topic);
        append(log, 2);
        log.flush().toCompletableFuture().join();
        long flushed = Files.size(files(".log").getFirst());
        logs.threads.holdBackground();
        while (log.segments() < 3) {
            append(log, 1);
        }
        log.abandon();
        try (FileChannel channel = FileChannel.open(files(".log").getFirst(), StandardOpenOption.WRITE)) {
            channel.truncate(flushed); // no torn batch: the file ends where the flush left it
        }
        // when
        logs.threads.forgetBackground();
        logs.renewFolder();
        SegmentedLog again = logs.open(topic, LogOpener.Known.NOTHING);
        // then  a clean prefix is left, also after a second failure
        assertThat(again.logEndOffset()).isEqualTo(4);
        assertThat(TestingLogs.offsets(again, 0, 1 << 20)).isEqualTo(range(0, 4));
        append(again, 20);
        SegmentedLog third = reopenUnclean(again);
        assertThat(TestingLogs.offsets(third, 0, 1 << 20)).isEqualTo(range(0, 44));
    }

    @Test
    void shouldGoOnBehindACutAfterWhichNothingIsMissing() throws IOException {
        // given  a killed process whose rolls had not cut what was preallocated
        TopicProperties topic =
                new TestingTopic().segmentBytes(700).preallocate(true).properties();
        SegmentedLog log = logs.create(topic);
        logs.threads.holdBackground();
        append(log, 20);
        assertThat(log.segments()).isGreaterThan(2);
        // when
        SegmentedLog again = reopenUnclean(log);
        // then
        assertThat(TestingLogs.offsets(again, 0, 1 << 20)).isEqualTo(range(0, 40));
    }

    /** A log of 30 batches, of which a bit has turned in one of that segment, before or in its last. */
    private SegmentedLog reopenWithATurnedBit(int segment, boolean atItsEnd) throws IOException {
        SegmentedLog log = logs.create(TOPIC);
        append(log, 30);
        log.flush().toCompletableFuture().join();
        List<Path> all = files(".log");
        Path damaged = all.get(segment < 0 ? all.size() + segment : segment);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[atItsEnd ? bytes.length - 1 : 70] ^= 1;
        Files.write(damaged, bytes);
        return reopenUnclean(log);
    }

    @Test
    void shouldKeepWhatFollowsABatchThatIsDamaged() throws IOException {
        // when
        SegmentedLog again = reopenWithATurnedBit(1, false);
        // then   all is there, and known to be damaged
        long base = SegmentFiles.offset(files(".log").get(1), ".log").getAsLong();
        assertThat(again.logEndOffset()).isEqualTo(60);
        assertThat(again.foundDamaged()).hasValue(base);
        assertThat(again.lacksCommitted()).isFalse();
        assertThat(TestingLogs.offsets(again, base + 2, 1 << 20)).isEqualTo(range(base + 2, 60));
        // and    it is cut where others have it
        assertThat(again.findDamage(0).toCompletableFuture().join()).hasValue(base);
        again.cutDamage(base).toCompletableFuture().join();
        assertThat(again.logEndOffset()).isEqualTo(base);
    }

    @Test
    void shouldKeepSegmentsBehindABatchThatIsDamagedAtTheEndOfOne() throws IOException {
        SegmentedLog again = reopenWithATurnedBit(1, true);
        long next = SegmentFiles.offset(files(".log").get(2), ".log").getAsLong();
        assertThat(again.logEndOffset()).isEqualTo(60);
        assertThat(again.foundDamaged()).hasValue(next - 2);
        // and    appends go on
        append(again, 1);
        assertThat(again.logEndOffset()).isEqualTo(62);
    }

    @Test
    void shouldKeepWhatFollowsInTheLastSegmentToo() throws IOException {
        SegmentedLog again = reopenWithATurnedBit(-1, false);
        assertThat(again.logEndOffset()).isEqualTo(60);
        assertThat(again.foundDamaged()).isPresent();
    }

    @Test
    void shouldKeepABadBatchBeforeASegmentThatHasJustBeenBegun() throws IOException {
        // given  rolls whose background work never came to run
        SegmentedLog log = logs.create(TOPIC);
        logs.threads.holdBackground();
        append(log, 30);
        Path damaged = files(".log").get(1);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        long next = SegmentFiles.offset(files(".log").get(2), ".log").getAsLong();
        // when
        SegmentedLog again = reopenUnclean(log);
        // then
        assertThat(again.logEndOffset()).isEqualTo(60);
        assertThat(again.foundDamaged()).hasValue(next - 2);
        assertThat(TestingLogs.offsets(again, next, 1 << 20)).isEqualTo(range(next, 60));
    }

    @Test
    void shouldKeepABadBatchAtTheEndThatIsKnownToHaveBeenCommitted() throws IOException {
        // given
        SegmentedLog log = logs.create(TOPIC);
        append(log, 30);
        log.flush().toCompletableFuture().join();
        Path last = files(".log").getLast();
        byte[] bytes = Files.readAllBytes(last);
        bytes[bytes.length - 1] ^= 1;
        Files.write(last, bytes);
        log.abandon();
        logs.threads.forgetBackground();
        logs.renewFolder();
        // when
        SegmentedLog again = logs.open(TOPIC, new LogOpener.Known(false, 0, 60, 0));
        // then
        assertThat(again.logEndOffset()).isEqualTo(60);
        assertThat(again.foundDamaged()).hasValue(58);
        assertThat(again.lacksCommitted()).isFalse();
        append(again, 1);
        assertThat(TestingLogs.offsets(again, 60, 1 << 20)).containsExactly(60L, 61L);
        assertThat(again.findDamage(0).toCompletableFuture().join()).hasValue(58);
    }

    @Test
    void shouldEndTheLogBeforeABadBatchThatNothingFollows() throws IOException {
        SegmentedLog again = reopenWithATurnedBit(-1, true);
        assertThat(TestingLogs.offsets(again, 0, 1 << 20)).isEqualTo(range(0, 58));
        assertThat(again.foundDamaged()).isEmpty();
        assertThat(again.lacksCommitted())
                .as("nothing is known to have been committed")
                .isFalse();
    }

    @Test
    void shouldKnowThatWhatWasCommittedIsMissing() throws IOException {
        // given  a log of 20 records
        SegmentedLog log = logs.create(TOPIC);
        append(log, 10);
        log.flush().toCompletableFuture().join();
        log.abandon();
        // when   19 of them, or 21, are known to have been committed
        logs.threads.forgetBackground();
        logs.renewFolder();
        SegmentedLog whole = logs.open(TOPIC, new LogOpener.Known(false, 0, 19, 0));
        // then
        assertThat(whole.lacksCommitted()).isFalse();
        assertThat(whole.highWatermark()).isEqualTo(19);
        whole.abandon();
        logs.renewFolder();
        SegmentedLog torn = logs.open(TOPIC, new LogOpener.Known(true, 0, 21, 0));
        assertThat(torn.lacksCommitted()).isTrue();
        assertThat(torn.highWatermark()).isEqualTo(20);
    }

    @Test
    void shouldHaveEverySegmentButTheLastOnDiskAfterIt() throws IOException {
        // given
        SegmentedLog log = logs.create(TOPIC);
        logs.threads.holdBackground();
        append(log, 30);
        int segments = log.segments();
        // when
        SegmentedLog again = reopenUnclean(log);
        // then  the next recovery begins in the last one
        long last = SegmentFiles.offset(files(".log").getLast(), ".log").getAsLong();
        assertThat(again.segments()).isEqualTo(segments);
        assertThat(again.recoveryPoint()).isEqualTo(last);
        assertThat(files(".index")).hasSize(segments);
    }
}
