package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Markers that are not replicated may be cut yet: neither readers nor compaction go by them, nor what knows of producers. */
class UnreplicatedMarkersTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);

    @TempDir
    Path root;

    private final TopicProperties properties =
            new TestingTopic().delete(false).compact(true).deleteRetentionMs(0).properties();
    private TestingLogs logs;
    private SegmentedLog log;

    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, new TestingDisk(new Random(1)));
        log = logs.create(properties);
    }

    private long write(long producerId, int sequence, boolean transactional, String key) {
        CheckedBatches batches = TestingBatches.of(
                Compression.NONE,
                producerId,
                0,
                sequence,
                transactional,
                new SimpleRecord(logs.clock.wallMs(), key.getBytes(StandardCharsets.UTF_8), new byte[1]));
        return offset(log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches)));
    }

    private long end(long producerId, int epoch, boolean commit) {
        return offset(log.appendAsLeader(
                TestingBatches.marker(producerId, epoch, commit, 0, logs.clock.wallMs()),
                EPOCH,
                AppendOrigin.COORDINATOR));
    }

    private static long offset(AppendResult result) {
        return ((AppendResult.Appended) result).firstOffset();
    }

    private void roll() {
        log.rollSoon();
        write(-1, -1, false, "other");
    }

    private void restart() throws IOException {
        long highWatermark = log.highWatermark();
        log.close();
        logs.renewFolder();
        log = logs.open(properties, new LogOpener.Known(true, log.recoveryPoint(), highWatermark, 0));
    }

    private void compact() throws IOException {
        try (LogCleaning cleaning =
                log.compaction().begin(new LogCleaning.Means(1 << 20, 0.9, 10_000, new Random(1)))) {
            if (cleaning != null) {
                CompactedLog.run(cleaning);
            }
        }
    }

    /** The next one who asks for producers has to read the log. */
    private void dropSnapshots() throws IOException {
        try (Stream<Path> files = Files.list(logs.path())) {
            for (Path file : files.filter(one -> one.toString().endsWith(SegmentFiles.SNAPSHOT))
                    .toList()) {
                Files.write(file, new byte[1]);
            }
        }
    }

    private ProducerView producer(long id) {
        return log.activeProducers().stream()
                .filter(one -> one.producerId() == id)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldHoldTheirTransactionsUnstableAfterARestart() throws IOException {
        // given
        long first = write(1, 0, true, "a");
        long marker = end(1, 0, true);
        log.advanceHighWatermark(marker);
        // when
        restart();
        // then
        assertThat(log.firstUnstableOffset()).hasValue(first);
        // and
        log.advanceHighWatermark(marker + 1);
        assertThat(log.firstUnstableOffset()).isEmpty();
    }

    @Test
    void shouldNotCompactWhatTheyAbortAfterARestart() throws IOException {
        // given
        long first = write(1, 0, true, "a");
        roll();
        long marker = end(1, 0, false);
        log.advanceHighWatermark(marker);
        restart();
        // when
        compact();
        log.truncateTo(marker).toCompletableFuture().join();
        end(1, 0, true);
        // then
        assertThat(TestingLogs.offsets(log, 0, 1 << 20)).contains(first);
        assertThat(log.abortedTransactions(0, log.logEndOffset())).isEqualTo(List.of());
    }

    @Test
    void shouldLeaveTheLastSequenceBelowThemWhereTheyBeginAnEpoch() throws IOException {
        // given  a producer whose batch is compacted away, and a marker of its next epoch
        write(1, 0, false, "a");
        write(2, 0, false, "a");
        roll();
        log.advanceHighWatermark(log.logEndOffset());
        long marker = end(1, 1, false);
        assertThat(producer(1).lastSequence()).isEqualTo(-1);
        // when   that is cut
        compact();
        dropSnapshots();
        log.truncateTo(marker).toCompletableFuture().join();
        // then
        assertThat(producer(1).producerEpoch()).isZero();
        assertThat(producer(1).lastSequence()).isZero();
    }
}
