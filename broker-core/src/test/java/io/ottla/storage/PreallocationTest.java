package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments whose files have their full size from the beginning ({@code preallocate}). */
class PreallocationTest {
    private static final TopicProperties TOPIC =
            new TestingTopic().segmentBytes(700).preallocate(true).properties();

    @TempDir
    Path root;

    private TestingLogs logs;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
    }

    private static void append(PartitionLog log) {
        AppendResult result =
                log.appendAsLeader(TestingBatches.plain(2, 1000, 30), new LeaderEpoch(3), AppendOrigin.CLIENT);
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of all segments, the oldest first. */
    private List<Long> sizes() throws IOException {
        try (Stream<Path> files = Files.list(logs.path())) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]+\\.log"))
                    .sorted()
                    .map(PreallocationTest::sizeOf)
                    .toList();
        }
    }

    @Test
    void shouldGiveEverySegmentItsSizeAndTakeBackAtTheEndWhatItDidNotNeed() throws IOException {
        // given  a log that was just made
        SegmentedLog log = logs.create(TOPIC);
        assertThat(sizes()).containsExactly(700L);
        assertThat(log.sizeBytes()).isZero();

        // when   it fills its first segment
        append(log);
        long batchBytes = log.sizeBytes();
        assertThat(sizes()).containsExactly(700L);
        while (log.segments() < 2) {
            append(log);
        }

        // then   that has what is in it, and the next is of full size
        assertThat(sizes()).containsExactly(700 / batchBytes * batchBytes, 700L);

        // when
        log.close();

        // then   nothing is left over, and it goes on where it was
        assertThat(sizes().getLast()).isEqualTo(batchBytes);
        SegmentedLog again = logs.open(TOPIC, new LogOpener.Known(true, log.logEndOffset(), log.logEndOffset(), 0));
        assertThat(again.logEndOffset()).isEqualTo(log.logEndOffset());
        append(again);
        assertThat(TestingLogs.offsets(again, 0, 1 << 20)).hasSize((int) again.logEndOffset());
        again.close();
    }

    @Test
    void shouldCloseALogThatNobodyWroteToEmpty() throws IOException {
        SegmentedLog log = logs.create(TOPIC);
        log.close();
        assertThat(sizes()).containsExactly(0L);
    }

    @Test
    void shouldGiveItsSizeToASegmentThatBeginsElsewhere() throws IOException {
        // given
        SegmentedLog log = logs.create(TOPIC);
        append(log);
        // when   a follower begins anew
        log.truncateFullyAndStartAt(100).toCompletableFuture().join();
        // then
        assertThat(sizes()).containsExactly(700L);
        append(log);
        assertThat(TestingLogs.offsets(log, 100, 1 << 20)).containsExactly(100L, 101L);
    }

    @Test
    void shouldFindTheEndOfALogThatWasNotClosed() throws IOException {
        // given
        SegmentedLog log = logs.create(TOPIC);
        append(log);
        long bytes = log.sizeBytes();
        // when  its process is killed
        logs.renewFolder();
        SegmentedLog again = logs.open(TOPIC, LogOpener.Known.NOTHING);
        // then
        assertThat(again.logEndOffset()).isEqualTo(2);
        assertThat(again.sizeBytes()).isEqualTo(bytes);
    }
}
