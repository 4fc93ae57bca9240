package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A log beside the list of all batches that were ever in it and not cut off: where producers must stand, what is stable, and
 * what readers of committed records must be given. No two records have one key. Moves are drawn from a seed.
 */
final class TransactionalLog {
    private static final int PRODUCERS = 5;

    private enum Kind {
        PLAIN,
        IDEMPOTENT,
        TRANSACTIONAL,
        COMMIT,
        ABORT
    }

    /** @param sequence of the first record; -1 for none */
    private record Batch(
            long first, long last, Kind kind, long producerId, int epoch, int sequence, int coordinatorEpoch) {
        boolean isMarker() {
            return kind == Kind.COMMIT || kind == Kind.ABORT;
        }

        int lastSequence() {
            return sequence + (int) (last - first);
        }
    }

    /** Where a producer stands. */
    private record Standing(int epoch, int lastSequence, int coordinatorEpoch, long transactionStart) {}

    /** @param unreplicated first offset of the first transaction whose marker may not be replicated yet */
    private record State(Map<Long, Standing> producers, long firstOpen, long unreplicated) {}

    final Random random;
    private TestingClock clock;
    private final boolean isCompacted;
    private final List<Batch> batches = new ArrayList<>();
    /** From where on the log may have been read for the states: where its segments began whenever it was read. */
    private final TreeSet<Long> readFrom = new TreeSet<>();

    private final Map<Long, Integer> epochs = new HashMap<>();
    PartitionLog log;
    private LeaderEpoch leaderEpoch = new LeaderEpoch(0);
    private int coordinatorEpoch;
    private int keys;

    TransactionalLog(PartitionLog log, TestingClock clock, Random random, boolean isCompacted) {
        this.log = log;
        this.clock = clock;
        this.random = random;
        this.isCompacted = isCompacted;
        readFrom.add(0L);
    }

    /** Writes something, or tries to. */
    void write() {
        clock.advance(1 + random.nextInt(50));
        switch (random.nextInt(12)) {
            case 0 -> plain();
            case 1, 2, 3 -> endTransaction();
            case 4 -> again();
            case 5 -> wrong();
            case 6 -> coordinatorEpoch += random.nextInt(2);
            default -> append(1 + random.nextInt(PRODUCERS));
        }
        if (random.nextBoolean()) {
            long behind = log.logEndOffset() - log.highWatermark();
            log.advanceHighWatermark(log.highWatermark() + random.nextInt((int) behind + 1));
        }
    }

    private SimpleRecord[] records() {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(3)];
        for (int i = 0; i < records.length; i++) {
            byte[] key = ("k" + keys++).getBytes(StandardCharsets.UTF_8);
            records[i] = new SimpleRecord(clock.wallMs() + i, key, new byte[random.nextInt(60)]);
        }
        return records;
    }

    private AppendResult client(
            long producerId, int epoch, int sequence, boolean transactional, SimpleRecord... records) {
        CheckedBatches batches =
                TestingBatches.of(Compression.NONE, producerId, epoch, sequence, transactional, records);
        return log.appendAsLeader(batches, leaderEpoch, TestingBatches.origin(log, batches));
    }

    private AppendResult marker(long producerId, int epoch, boolean commit, int coordinator) {
        return log.appendAsLeader(
                TestingBatches.marker(producerId, epoch, commit, coordinator, clock.wallMs()),
                leaderEpoch,
                AppendOrigin.COORDINATOR);
    }

    private void plain() {
        learn(client(-1, -1, -1, false, records()), Kind.PLAIN, -1, -1, -1, -1);
    }

    private void append(long id) {
        ProducerView known = view(id);
        boolean isOpen = known != null && known.currentTransactionStartOffset() >= 0;
        boolean isTransactional = isOpen || random.nextInt(3) > 0;
        int epoch = known == null ? epochs.getOrDefault(id, 0) : known.producerEpoch();
        int sequence = known == null ? 0 : known.lastSequence() + 1;
        if (!isOpen && random.nextInt(8) == 0) {
            epoch++;
            sequence = 0;
        }
        learn(
                client(id, epoch, sequence, isTransactional, records()),
                isTransactional ? Kind.TRANSACTIONAL : Kind.IDEMPOTENT,
                id,
                epoch,
                sequence,
                -1);
    }

    /** Ends a transaction, in its epoch or, as from KIP-890 on, in the next one. Sometimes where none is open. */
    private void endTransaction() {
        List<ProducerView> known = log.activeProducers().stream()
                .filter(one -> one.currentTransactionStartOffset() >= 0 || random.nextInt(10) == 0)
                .toList();
        if (!known.isEmpty()) {
            ProducerView one = known.get(random.nextInt(known.size()));
            boolean commit = random.nextBoolean();
            int epoch = one.producerEpoch() + random.nextInt(2);
            coordinatorEpoch = Math.max(coordinatorEpoch, one.coordinatorEpoch());
            learn(
                    marker(one.producerId(), epoch, commit, coordinatorEpoch),
                    commit ? Kind.COMMIT : Kind.ABORT,
                    one.producerId(),
                    epoch,
                    -1,
                    coordinatorEpoch);
        }
    }

    /** Sends a batch again whose answer was lost. */
    private void again() {
        for (ProducerView view : log.activeProducers()) {
            Batch last = batches.stream()
                    .filter(one -> one.producerId == view.producerId() && !one.isMarker())
                    .reduce((_, later) -> later)
                    .orElse(null);
            if (last != null && last.epoch == view.producerEpoch() && last.lastSequence() == view.lastSequence()) {
                SimpleRecord[] records = new SimpleRecord[(int) (last.last - last.first) + 1];
                Arrays.fill(records, new SimpleRecord(clock.wallMs(), new byte[1], new byte[1]));
                assertThat(client(last.producerId, last.epoch, last.sequence, last.kind == Kind.TRANSACTIONAL, records))
                        .isInstanceOfSatisfying(AppendResult.Duplicate.class, duplicate -> {
                            assertThat(duplicate.firstOffset()).isEqualTo(last.first);
                            assertThat(duplicate.lastOffset()).isEqualTo(last.last);
                        });
            }
        }
    }

    /** What must be refused, and change nothing. */
    private void wrong() {
        for (ProducerView view : log.activeProducers()) {
            long id = view.producerId();
            int epoch = view.producerEpoch();
            boolean isOpen = view.currentTransactionStartOffset() >= 0;
            assertRefused(
                    client(id, epoch, view.lastSequence() + 2, isOpen, records()), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            if (epoch > 0) {
                assertRefused(client(id, epoch - 1, 0, isOpen, records()), Errors.INVALID_PRODUCER_EPOCH);
                assertRefused(marker(id, epoch - 1, true, coordinatorEpoch), Errors.INVALID_PRODUCER_EPOCH);
            }
            if (view.coordinatorEpoch() > 0) {
                assertRefused(
                        marker(id, epoch, true, view.coordinatorEpoch() - 1), Errors.TRANSACTION_COORDINATOR_FENCED);
            }
            if (isOpen) {
                assertRefused(client(id, epoch, view.lastSequence() + 1, false, records()), Errors.INVALID_TXN_STATE);
            }
        }
    }

    private static void assertRefused(AppendResult result, Errors error) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        AppendResult.Refused.class,
                        refused -> assertThat(refused.failure().error()).isEqualTo(error));
    }

    private ProducerView view(long id) {
        return log.activeProducers().stream()
                .filter(one -> one.producerId() == id)
                .findFirst()
                .orElse(null);
    }

    private void learn(AppendResult result, Kind kind, long id, int epoch, int sequence, int coordinator) {
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        AppendResult.Appended appended = (AppendResult.Appended) result;
        batches.add(new Batch(appended.firstOffset(), appended.lastOffset(), kind, id, epoch, sequence, coordinator));
        epochs.merge(id, epoch, Math::max);
    }

    /** The log has turned out to end there, and its states were read from it anew. */
    void endsAt(long offset) {
        batches.removeIf(one -> one.last >= offset);
        wasRead();
        leaderEpoch = new LeaderEpoch(leaderEpoch.value() + 1);
        log.beginEpoch(leaderEpoch);
    }

    /** The states were read from the log, as far as no snapshot told them. */
    void wasRead() {
        readFrom.add(((SegmentedLog) log).firstSegmentOffset());
    }

    /** Another replica of it goes on, which knows what it was given. */
    void goOnWith(PartitionLog copy, long begin, TestingClock itsClock) {
        log = copy;
        clock = itsClock;
        readFrom.clear();
        readFrom.add(begin);
        leaderEpoch = new LeaderEpoch(leaderEpoch.value() + 1);
        log.beginEpoch(leaderEpoch);
    }

    /** Where the model ends. */
    long end() {
        return batches.isEmpty() ? 0 : batches.getLast().last + 1;
    }

    /** First offset of the batch that has the offset; the offset where none has. */
    long batchOf(long offset) {
        return batches.stream()
                .filter(one -> one.first <= offset && offset <= one.last)
                .mapToLong(Batch::first)
                .findFirst()
                .orElse(offset);
    }

    /** Where producers stand for one who has read everything from that offset on. */
    private State state(long from) {
        Map<Long, Standing> producers = new TreeMap<>();
        long unreplicated = Long.MAX_VALUE;
        for (Batch batch : batches) {
            if (batch.producerId < 0 || batch.last < from) {
                continue;
            }
            Standing before = producers.getOrDefault(batch.producerId, new Standing(batch.epoch, -1, -1, -1));
            long start = before.transactionStart;
            if (batch.isMarker()) {
                if (start >= 0 && batch.last >= log.highWatermark()) {
                    unreplicated = Math.min(unreplicated, start);
                }
                int sequence = before.epoch == batch.epoch ? before.lastSequence : -1;
                producers.put(batch.producerId, new Standing(batch.epoch, sequence, batch.coordinatorEpoch, -1));
            } else {
                long now = start < 0 && batch.kind == Kind.TRANSACTIONAL ? batch.first : start;
                producers.put(
                        batch.producerId,
                        new Standing(batch.epoch, batch.lastSequence(), before.coordinatorEpoch, now));
            }
        }
        long firstOpen = producers.values().stream()
                .mapToLong(Standing::transactionStart)
                .filter(one -> one >= 0)
                .min()
                .orElse(Long.MAX_VALUE);
        return new State(producers, firstOpen, unreplicated);
    }

    /** Whether all is as it must be. */
    void check(String what) {
        Map<Long, Standing> found = new TreeMap<>();
        for (ProducerView view : log.activeProducers()) {
            found.put(
                    view.producerId(),
                    new Standing(
                            view.producerEpoch(),
                            view.lastSequence(),
                            view.coordinatorEpoch(),
                            view.currentTransactionStartOffset()));
        }
        assertThat(log.producerCount()).as(what).isEqualTo(found.size());
        List<State> possible = readFrom.stream().map(this::state).toList();
        assertThat(possible)
                .as("%s: producers from %s, after %s", what, readFrom, batches)
                .anySatisfy(state -> {
                    assertThat(comparable(found, state)).isEqualTo(state.producers);
                    assertUnstable(state);
                });
        checkReading(what);
    }

    /** Compaction takes markers out that nothing is left of: whoever reads the log then knows of no such coordinator. */
    private Map<Long, Standing> comparable(Map<Long, Standing> found, State state) {
        if (!isCompacted) {
            return found;
        }
        Map<Long, Standing> comparable = new TreeMap<>();
        found.forEach((id, one) -> {
            Standing expected = state.producers.get(id);
            int known = expected == null ? -1 : expected.coordinatorEpoch;
            boolean isOlder = one.coordinatorEpoch < known;
            comparable.put(id, isOlder ? new Standing(one.epoch, one.lastSequence, known, one.transactionStart) : one);
        });
        return comparable;
    }

    private void assertUnstable(State state) {
        long start = log.logStartOffset();
        long found = log.firstUnstableOffset().orElse(Long.MAX_VALUE);
        assertThat(found)
                .as("first unstable offset")
                .isBetween(
                        Math.max(start, Math.min(state.firstOpen, state.unreplicated)),
                        Math.max(start, state.firstOpen));
    }

    private void checkReading(String what) {
        long start = log.logStartOffset();
        long stable = Math.min(log.highWatermark(), log.firstUnstableOffset().orElse(Long.MAX_VALUE));
        long from = stable > start ? start + random.nextInt((int) (stable - start)) : start;
        List<Long> expected = batches.stream()
                .filter(one -> one.last >= from && one.last < stable && isCommitted(one))
                .flatMapToLong(one -> LongStream.rangeClosed(one.first, one.last))
                .filter(offset -> offset >= from)
                .boxed()
                .toList();
        assertThat(committed(from, stable, random.nextInt(600)))
                .as("%s: committed from %s to %s of %s", what, from, stable, batches)
                .isEqualTo(expected);
    }

    private boolean isCommitted(Batch batch) {
        if (batch.kind != Kind.TRANSACTIONAL) {
            return !batch.isMarker();
        }
        return batches.stream()
                        .filter(one -> one.first > batch.last && one.producerId == batch.producerId && one.isMarker())
                        .findFirst()
                        .orElseThrow()
                        .kind
                == Kind.COMMIT;
    }

    /** What a consumer of committed records is given, by fetches of so many bytes. */
    private List<Long> committed(long from, long upTo, int maxBytes) {
        List<Long> offsets = new ArrayList<>();
        long next = from;
        while (next < upTo) {
            ReadResult.Found found = (ReadResult.Found) log.read(next, upTo, maxBytes, true);
            if (found.slices().isEmpty()) {
                return offsets;
            }
            List<AbortedTransaction> toCome = new ArrayList<>(log.abortedTransactions(next, found.upToOffset()));
            toCome.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
            Set<Long> aborted = new HashSet<>();
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.ensureValid();
                    assertThat(batch.lastOffset()).isLessThan(found.upToOffset());
                    while (!toCome.isEmpty() && toCome.getFirst().firstOffset() <= batch.lastOffset()) {
                        aborted.add(toCome.removeFirst().producerId());
                    }
                    for (Record record : batch) {
                        if (batch.isControlBatch()) {
                            aborted.remove(batch.producerId());
                        } else if (record.offset() >= from
                                && !(batch.isTransactional() && aborted.contains(batch.producerId()))) {
                            offsets.add(record.offset());
                        }
                    }
                    next = batch.lastOffset() + 1;
                }
                slice.release();
            }
        }
        return offsets;
    }
}
