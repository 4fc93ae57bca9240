package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log beside a list of batches, through appends, cuts, deletions, flushes and restarts by chance. */
class LogModelTest {
    private static final int STEPS = 150;

    @TempDir
    Path root;

    /** What a batch was, as it should be found again. */
    private record Batch(long first, long last, int epoch, long timestamp, long producerId, char kind) {
        static final char PLAIN = 'p';
        static final char TRANSACTIONAL = 't';
        static final char COMMIT = 'c';
        static final char ABORT = 'a';
    }

    private record Aborted(long producerId, long first, long marker) {}

    private Random random;
    private TestingLogs logs;
    private TopicProperties properties;
    private SegmentedLog log;
    private final List<Batch> model = new ArrayList<>();
    private final Map<Long, Integer> sequences = new HashMap<>();
    private long start;
    private long end;
    private int epoch;
    private long producers;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldBeWhatAListIs(long seed) throws IOException {
        run(seed);
    }

    @Test
    @Tag("full")
    void shouldBeWhatAListIsInHundredsOfWays() throws IOException {
        for (long seed = 100; seed < 250; seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws IOException {
        random = new Random(seed);
        model.clear();
        sequences.clear();
        start = 0;
        end = 0;
        epoch = 0;
        logs = new TestingLogs(
                Files.createDirectories(root.resolve("seed-" + seed)), new TestingDisk(new Random(seed)));
        properties = topic(700 + random.nextInt(2500), 50 + random.nextInt(400)).properties();
        log = logs.create(properties);
        for (int step = 0; step < STEPS; step++) {
            String what = "seed " + seed + " step " + step + " ";
            what += step();
            check(what);
        }
        assertThat(logs.offline).isEmpty();
        log.close();
    }

    /** Offsets may be missing between two segments, whatever the policy says now. */
    private static TestingTopic topic(int segmentBytes, int indexIntervalBytes) {
        return new TestingTopic().segmentBytes(segmentBytes).indexIntervalBytes(indexIntervalBytes);
    }

    private String step() throws IOException {
        logs.clock.advance(1 + random.nextInt(20));
        return switch (random.nextInt(22)) {
            case 0 -> truncate();
            case 1 -> advanceLogStart();
            case 2 -> retain();
            case 3 -> "flush " + log.flush().toCompletableFuture().join();
            case 4 -> beginEpoch();
            case 5 -> restart(true);
            case 6 -> restart(false);
            case 7 -> startFully();
            case 8, 9 -> advanceHighWatermark();
            case 10, 11, 12 -> appendAsFollower();
            case 13, 14, 15 -> appendTransactional();
            case 16, 17 -> endTransaction();
            default -> appendPlain();
        };
    }

    private String appendPlain() {
        int count = 1 + random.nextInt(5);
        long now = logs.clock.wallMs();
        asLeader(TestingBatches.plain(count, now, random.nextInt(100)), count, now + count - 1, -1, Batch.PLAIN);
        return "append";
    }

    private void asLeader(CheckedBatches batches, int count, long timestamp, long producerId, char kind) {
        AppendOrigin origin = kind == Batch.PLAIN || kind == Batch.TRANSACTIONAL
                ? TestingBatches.origin(log, batches)
                : AppendOrigin.COORDINATOR;
        AppendResult result = log.appendAsLeader(batches, new LeaderEpoch(epoch), origin);
        assertThat(result).isInstanceOf(AppendResult.Appended.class);
        AppendResult.Appended appended = (AppendResult.Appended) result;
        assertThat(appended.firstOffset()).isEqualTo(end);
        assertThat(appended.lastOffset()).isEqualTo(end + count - 1);
        learn(new Batch(end, end + count - 1, epoch, timestamp, producerId, kind));
    }

    private void learn(Batch batch) {
        model.add(batch);
        end = batch.last + 1;
    }

    private String appendTransactional() {
        long now = logs.clock.wallMs();
        Map<Long, Long> open = open();
        long producerId = open.isEmpty() || random.nextInt(3) == 0
                ? ++producers
                : open.keySet().iterator().next();
        int sequence = sequences.merge(producerId, 2, Integer::sum) - 2;
        asLeader(
                TestingBatches.transactional(producerId, 0, sequence, 2, now),
                2,
                now + 1,
                producerId,
                Batch.TRANSACTIONAL);
        return "transactional " + producerId;
    }

    private String endTransaction() {
        Map<Long, Long> open = open();
        if (open.isEmpty()) {
            return "nothing";
        }
        long producerId = open.keySet().iterator().next();
        boolean commit = random.nextBoolean();
        long now = logs.clock.wallMs();
        asLeader(
                TestingBatches.marker(producerId, 0, commit, 0, now),
                1,
                now,
                producerId,
                commit ? Batch.COMMIT : Batch.ABORT);
        return "end " + producerId + " " + commit;
    }

    private String appendAsFollower() {
        long base = end + (random.nextInt(4) == 0 ? random.nextInt(20) : 0);
        int count = 1 + random.nextInt(4);
        long now = logs.clock.wallMs();
        ByteBuffer batches = TestingBatches.fromLeader(base, epoch, count, now, random.nextInt(80));
        assertThat(log.appendAsFollower(batches)).isInstanceOf(AppendResult.Appended.class);
        learn(new Batch(base, base + count - 1, epoch, now + count - 1, -1, Batch.PLAIN));
        return "append as follower at " + base;
    }

    /** First offsets of open transactions, by producer. */
    private Map<Long, Long> open() {
        Map<Long, Long> open = new HashMap<>();
        for (Batch batch : model) {
            switch (batch.kind) {
                case Batch.TRANSACTIONAL -> open.putIfAbsent(batch.producerId, batch.first);
                case Batch.COMMIT, Batch.ABORT -> open.remove(batch.producerId);
                default -> {}
            }
        }
        return open;
    }

    private List<Aborted> aborted() {
        List<Aborted> aborted = new ArrayList<>();
        Map<Long, Long> open = new HashMap<>();
        for (Batch batch : model) {
            switch (batch.kind) {
                case Batch.TRANSACTIONAL -> open.putIfAbsent(batch.producerId, batch.first);
                case Batch.COMMIT -> open.remove(batch.producerId);
                case Batch.ABORT ->
                    aborted.add(new Aborted(batch.producerId, open.remove(batch.producerId), batch.last));
                default -> {}
            }
        }
        return aborted;
    }

    /** Up to where the log's beginning may go: not into a transaction that is open, or that a cut may open again. */
    private long mayGo() {
        long limit = log.highWatermark();
        Map<Long, Long> undecided = new HashMap<>();
        for (Batch batch : model) {
            boolean certain = batch.last < log.highWatermark();
            switch (batch.kind) {
                case Batch.TRANSACTIONAL -> undecided.putIfAbsent(batch.producerId, batch.first);
                case Batch.COMMIT, Batch.ABORT -> {
                    if (certain) {
                        undecided.remove(batch.producerId);
                    }
                }
                default -> {}
            }
        }
        for (long first : undecided.values()) {
            limit = Math.min(limit, first);
        }
        return limit;
    }

    private String truncate() {
        long offset = log.highWatermark() + random.nextInt((int) (end - log.highWatermark()) + 1);
        log.truncateTo(offset).toCompletableFuture().join();
        long cut = end;
        while (!model.isEmpty() && model.getLast().last >= offset) {
            cut = model.removeLast().first;
        }
        if (offset < end) {
            end = Math.min(offset, cut);
            start = Math.min(start, end);
        }
        relearnSequences();
        assertThat(log.logEndOffset()).as("truncated to %s", offset).isEqualTo(end);
        return "truncate to " + offset;
    }

    private void relearnSequences() {
        sequences.clear();
        for (Batch batch : model) {
            if (batch.kind == Batch.TRANSACTIONAL) {
                sequences.merge(batch.producerId, 2, Integer::sum);
            }
        }
    }

    private String advanceLogStart() {
        long limit = mayGo();
        if (limit <= start) {
            return "nothing";
        }
        long offset = start + random.nextInt((int) (limit - start) + 1);
        assertThat(log.advanceLogStart(offset)).isTrue();
        start = offset;
        return "log start " + offset;
    }

    private String retain() throws IOException {
        if (mayGo() < log.highWatermark()) {
            return "nothing";
        }
        log.reconfigure(topic(properties.segmentBytes(), properties.indexIntervalBytes())
                .retentionBytes(2000 + random.nextInt(8000))
                .properties());
        log.retain();
        log.reconfigure(properties);
        assertThat(log.logStartOffset()).isBetween(start, log.highWatermark());
        start = log.logStartOffset();
        return "retain from " + start;
    }

    private String beginEpoch() {
        epoch++;
        log.beginEpoch(new LeaderEpoch(epoch));
        return "epoch " + epoch;
    }

    private String advanceHighWatermark() {
        long offset = log.highWatermark() + random.nextInt((int) (end - log.highWatermark()) + 1);
        log.advanceHighWatermark(offset);
        assertThat(log.highWatermark()).isEqualTo(offset);
        return "high watermark " + offset;
    }

    private String startFully() {
        if (random.nextInt(4) > 0) {
            return "nothing";
        }
        long offset = end + random.nextInt(30);
        log.truncateFullyAndStartAt(offset).toCompletableFuture().join();
        model.clear();
        sequences.clear();
        start = offset;
        end = offset;
        return "start fully at " + offset;
    }

    private String restart(boolean clean) throws IOException {
        long recoveryPoint = random.nextBoolean() ? log.recoveryPoint() : random.nextLong(log.recoveryPoint() + 1);
        LogOpener.Known known = new LogOpener.Known(clean, recoveryPoint, log.highWatermark(), start);
        if (clean) {
            log.close();
            known = new LogOpener.Known(true, log.recoveryPoint(), known.highWatermark(), start);
        } else {
            log.abandon();
        }
        logs.renewFolder();
        log = logs.open(properties, known);
        if (log.logEndOffset() < end) {
            // a cut in a gap between batches: from a file's last batch nobody can tell where in the gap it was
            long lastBatch = model.isEmpty() ? start : model.getLast().last + 1;
            assertThat(log.logEndOffset()).as("from %s, after %s", known, model).isEqualTo(lastBatch);
            end = lastBatch;
        }
        return clean ? "restart" : "restart after a kill";
    }

    private void check(String what) throws IOException {
        assertThat(log.logEndOffset()).as(what).isEqualTo(end);
        assertThat(log.logStartOffset()).as(what).isEqualTo(start);
        assertThat(log.highWatermark()).as(what).isBetween(start, end);
        checkBatches(what);
        checkTransactions(what);
        checkEpochs(what);
        checkTimes(what);
    }

    private void checkBatches(String what) {
        long from = start + (end > start ? random.nextInt((int) (end - start)) : 0);
        long upTo = from + random.nextInt((int) (end - from) + 1);
        List<Batch> expected = model.stream()
                .filter(batch -> batch.last >= from && batch.last < upTo)
                .toList();
        List<Batch> found = new ArrayList<>();
        long next = from;
        boolean more = true;
        while (more) {
            ReadResult.Found read = (ReadResult.Found) log.read(next, upTo, random.nextInt(2000), true);
            more = !read.slices().isEmpty();
            for (FileSlice slice : read.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.ensureValid();
                    next = batch.lastOffset() + 1;
                    found.add(new Batch(
                            batch.baseOffset(),
                            batch.lastOffset(),
                            batch.partitionLeaderEpoch(),
                            batch.maxTimestamp(),
                            batch.producerId(),
                            '?'));
                }
                slice.release();
            }
        }
        assertThat(found)
                .as("%s: batches from %s up to %s", what, from, upTo)
                .isEqualTo(expected.stream()
                        .map(batch ->
                                new Batch(batch.first, batch.last, batch.epoch, batch.timestamp, batch.producerId, '?'))
                        .toList());
    }

    private void checkTransactions(String what) {
        long firstOpen =
                open().values().stream().mapToLong(Long::longValue).min().orElse(end);
        long firstUnstable = log.firstUnstableOffset().orElse(end);
        assertThat(firstUnstable).as("%s: first unstable", what).isLessThanOrEqualTo(firstOpen);
        assertThat(firstUnstable == firstOpen || firstUnstable < end)
                .as("%s: first unstable", what)
                .isTrue();
        long from = start + (end > start ? random.nextInt((int) (end - start)) : 0);
        List<AbortedTransaction> found = log.abortedTransactions(from, end);
        for (Aborted one : aborted()) {
            boolean wanted = one.marker >= from;
            assertThat(found.contains(new AbortedTransaction(one.producerId, one.first)))
                    .as("%s: %s from %s", what, one, from)
                    .isEqualTo(wanted);
        }
    }

    private void checkEpochs(String what) {
        for (Batch batch : model) {
            if (batch.first >= start) {
                assertThat(log.epochAt(batch.first).value())
                        .as("%s: %s", what, batch)
                        .isEqualTo(batch.epoch);
            }
        }
    }

    private void checkTimes(String what) {
        if (model.isEmpty()) {
            return;
        }
        Batch batch = model.get(random.nextInt(model.size()));
        TimestampOffset found = log.offsetForTimestamp(batch.timestamp, end)
                .toCompletableFuture()
                .join();
        long expected = -1;
        for (Batch one : model) {
            if (one.last >= start && one.timestamp >= batch.timestamp) {
                expected = one.last;
                break;
            }
        }
        if (expected < 0) {
            assertThat(found).as("%s: time %s", what, batch.timestamp).isEqualTo(TimestampOffset.NONE);
        } else {
            // the batch that has it: the first of its records that is late enough
            Batch first = model.get(0);
            for (Batch one : model) {
                if (one.last == expected) {
                    first = one;
                }
            }
            assertThat(found.offset())
                    .as("%s: time %s", what, batch.timestamp)
                    .isBetween(Math.max(start, first.first), first.last);
        }
    }
}
