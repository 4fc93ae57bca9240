package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which aborted transactions a reader of committed records is told of, in a log of many segments. */
class AbortedTransactionsTest {
    private static final LeaderEpoch EPOCH = new LeaderEpoch(0);
    private static final int TRANSACTIONS = 200;
    /** One that is open over many segments before it is aborted. */
    private static final long LONG = 1000;

    private record Aborted(long producerId, long first, long marker) {}

    @TempDir
    Path root;

    private TestingLogs logs;
    private SegmentedLog log;
    private final List<Aborted> model = new ArrayList<>();

    /** Many short ones that are aborted, one after the other, and the long one over the first half of them. */
    @BeforeEach
    void begin() {
        logs = new TestingLogs(root, Disk.system());
        log = logs.create(TestingLogs.small(3000, 200));
        long first = write(LONG, 0);
        for (int i = 0; i < TRANSACTIONS; i++) {
            long start = write(i, 0);
            model.add(new Aborted(i, start, abort(i)));
            if (i == TRANSACTIONS / 2) {
                model.add(new Aborted(LONG, first, abort(LONG)));
            }
        }
        log.advanceHighWatermark(log.logEndOffset());
        assertThat(log.segments()).isGreaterThan(8);
    }

    private long write(long producerId, int sequence) {
        CheckedBatches batches = TestingBatches.transactional(producerId, 0, sequence, 2, logs.clock.wallMs());
        return offset(log.appendAsLeader(batches, EPOCH, TestingBatches.origin(log, batches)));
    }

    private long abort(long producerId) {
        return offset(log.appendAsLeader(
                TestingBatches.marker(producerId, 0, false, 0, logs.clock.wallMs()), EPOCH, AppendOrigin.COORDINATOR));
    }

    private static long offset(AppendResult result) {
        return ((AppendResult.Appended) result).firstOffset();
    }

    private ReadResult.Found read(long from, int maxBytes) {
        ReadResult.Found found = (ReadResult.Found) log.read(from, log.logEndOffset(), maxBytes, true);
        found.slices().forEach(FileSlice::release);
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 300, 5_000, 1_000_000})
    void shouldTellOfThoseThatWhatIsReadBelongsToAndNotOfAllThatFollow(int maxBytes) {
        for (long from = 0; from < log.logEndOffset(); from += 7) {
            long start = from;
            ReadResult.Found found = read(from, maxBytes);
            List<AbortedTransaction> told = log.abortedTransactions(from, found.upToOffset());
            assertThat(told)
                    .as("from %s up to %s", from, found.upToOffset())
                    .containsExactlyInAnyOrderElementsOf(model.stream()
                            .filter(one -> one.marker >= start && one.first < found.upToOffset())
                            .map(one -> new AbortedTransaction(one.producerId, one.first))
                            .toList());
            // and    the index leads near to the end of what is read: 3 offsets of each transaction, some 200 bytes
            assertThat(told.size()).isLessThanOrEqualTo(6 + found.bytes() / 100);
        }
    }

    @Test
    void shouldTellOfNoneBehindTheLastStableOffset() {
        // given  one that never ends, and others behind it
        long held = write(2000, 0);
        for (int i = 0; i < 20; i++) {
            write(3000 + i, 0);
            abort(3000 + i);
        }
        log.advanceHighWatermark(log.logEndOffset());
        assertThat(log.firstUnstableOffset()).hasValue(held);
        // when, then
        assertThat(log.abortedTransactions(0, held)).hasSize(TRANSACTIONS + 1);
        assertThat(log.abortedTransactions(held, held)).isEmpty();
        ReadResult.Found found = (ReadResult.Found) log.read(held - 4, held, 1 << 20, true);
        found.slices().forEach(FileSlice::release);
        assertThat(found.upToOffset()).isEqualTo(held);
    }
}
