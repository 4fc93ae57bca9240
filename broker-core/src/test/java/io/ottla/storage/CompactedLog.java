package io.ottla.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.TopicProperties;
import io.ottla.record.CheckedBatches;
import io.ottla.types.LeaderEpoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A compacted log beside a list of all records that were ever written to it, and what must be found of them. Moves are drawn
 * from a seed.
 */
final class CompactedLog {
    private static final int KEYS = 8;
    private static final Compression[] CODECS = {
        Compression.NONE,
        Compression.NONE,
        Compression.lz4().build(),
        Compression.zstd().build()
    };

    /** What was written at an offset; a value of null is a tombstone, a key of null a marker. */
    record Written(long offset, String key, String value, long timestamp, long producerId, boolean transactional) {}

    /** What is found of it. */
    record Found(long offset, String key, String value, long timestamp) {}

    private static final class Producer {
        private final long id;
        private int sequence;
        private long transactionStart = -1;

        Producer(long id) {
            this.id = id;
        }
    }

    final TestingLogs logs;
    final Random random;
    final TopicProperties properties;
    SegmentedLog log;

    private final TreeMap<Long, Written> written = new TreeMap<>();
    /** First offsets of batches. */
    private final TreeSet<Long> bases = new TreeSet<>();
    /** Offsets of records whose transaction was aborted. */
    private final Set<Long> aborted = new HashSet<>();

    private final Map<Long, Producer> producers = new HashMap<>();
    private int values;
    private long nextProducer = 1;

    CompactedLog(TestingLogs logs, Random random, TopicProperties properties) {
        this.logs = logs;
        this.random = random;
        this.properties = properties;
        this.log = logs.create(properties);
    }

    /** Writes something, and moves the high watermark on. */
    void write() {
        logs.clock.advance(1 + random.nextInt(20));
        switch (random.nextInt(8)) {
            case 0, 1 -> endTransaction();
            case 2, 3 -> append(producer(true), true);
            case 4 -> append(producer(false), false);
            case 5 -> appendAsFollower();
            default -> append(null, false);
        }
        log.advanceHighWatermark(log.logEndOffset() - random.nextInt(3));
    }

    private Producer producer(boolean transactional) {
        List<Producer> fit = producers.values().stream()
                .filter(one -> transactional || one.transactionStart < 0)
                .toList();
        if (fit.isEmpty() || random.nextInt(4) == 0) {
            Producer fresh = new Producer(nextProducer++);
            producers.put(fresh.id, fresh);
            return fresh;
        }
        return fit.get(random.nextInt(fit.size()));
    }

    private SimpleRecord[] records() {
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
        long now = logs.clock.wallMs();
        for (int i = 0; i < records.length; i++) {
            byte[] value = random.nextInt(4) == 0
                    ? null
                    : ("v" + values++ + "-".repeat(random.nextInt(60))).getBytes(StandardCharsets.UTF_8);
            records[i] =
                    new SimpleRecord(now + i, ("k" + random.nextInt(KEYS)).getBytes(StandardCharsets.UTF_8), value);
        }
        return records;
    }

    private void append(Producer producer, boolean transactional) {
        SimpleRecord[] records = records();
        long id = producer == null ? -1 : producer.id;
        int sequence = producer == null ? -1 : producer.sequence;
        CheckedBatches batches =
                TestingBatches.of(CODECS[random.nextInt(CODECS.length)], id, 0, sequence, transactional, records);
        AppendResult result = log.appendAsLeader(batches, new LeaderEpoch(0), TestingBatches.origin(log, batches));
        if (!(result instanceof AppendResult.Appended appended)) {
            return; // the power is off
        }
        learn(appended.firstOffset(), records, id, transactional);
        if (producer != null) {
            producer.sequence += records.length;
            if (transactional && producer.transactionStart < 0) {
                producer.transactionStart = appended.firstOffset();
            }
        }
    }

    private void learn(long first, SimpleRecord[] records, long producerId, boolean transactional) {
        bases.add(first);
        for (int i = 0; i < records.length; i++) {
            written.put(
                    first + i,
                    new Written(
                            first + i,
                            text(records[i].key()),
                            text(records[i].value()),
                            records[i].timestamp(),
                            producerId,
                            transactional));
        }
    }

    /** An entry of an old format, or batches of today's behind a gap. */
    private void appendAsFollower() {
        byte magic = (byte) random.nextInt(3);
        long base = log.logEndOffset() + random.nextInt(5);
        SimpleRecord[] records = records();
        Compression codec =
                random.nextBoolean() ? Compression.NONE : Compression.gzip().build();
        ByteBuffer bytes = org.apache.kafka.common.record.internal.MemoryRecords.withRecords(
                        magic, base, codec, org.apache.kafka.common.record.TimestampType.CREATE_TIME, records)
                .buffer();
        if (!(log.appendAsFollower(bytes) instanceof AppendResult.Appended)) {
            return;
        }
        for (int i = 0; i < records.length; i++) {
            SimpleRecord one = records[i];
            if (magic < 2 && codec.type() == CompressionType.NONE) {
                bases.add(base + i); // each stands alone
            }
            records[i] = magic == 0 ? new SimpleRecord(-1, one.key(), one.value()) : one;
        }
        learn(base, records, -1, false);
    }

    private void endTransaction() {
        List<Producer> open = producers.values().stream()
                .filter(one -> one.transactionStart >= 0)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        Producer producer = open.get(random.nextInt(open.size()));
        boolean commit = random.nextBoolean();
        AppendResult result = log.appendAsLeader(
                TestingBatches.marker(producer.id, 0, commit, 0, logs.clock.wallMs()),
                new LeaderEpoch(0),
                AppendOrigin.COORDINATOR);
        if (!(result instanceof AppendResult.Appended appended)) {
            return;
        }
        long marker = appended.firstOffset();
        for (Written one : written.subMap(producer.transactionStart, marker).values()) {
            if (one.producerId == producer.id && one.transactional && !commit) {
                aborted.add(one.offset);
            }
        }
        bases.add(marker);
        written.put(marker, new Written(marker, null, null, logs.clock.wallMs(), producer.id, true));
        producer.transactionStart = -1;
    }

    /** Ends all transactions, so that nothing hinders compaction, and moves the high watermark to the end. */
    void settle() {
        while (producers.values().stream().anyMatch(one -> one.transactionStart >= 0)) {
            endTransaction();
        }
        log.advanceHighWatermark(log.logEndOffset());
    }

    /** Begins a pass with room for so many keys; null where there is nothing to compact. */
    LogCleaning begin(int keys) throws IOException {
        return log.compaction()
                .begin(new LogCleaning.Means((long) keys * KeyOffsets.ENTRY_BYTES, 0.9, 600, new Random(3)));
    }

    /** Compacts the log as far as it goes with room for so many keys. */
    LogCleaning.Progress compact(int keys) throws IOException {
        try (LogCleaning cleaning = begin(keys)) {
            return cleaning == null ? LogCleaning.Progress.GIVEN_UP : run(cleaning);
        }
    }

    static LogCleaning.Progress run(LogCleaning cleaning) throws IOException {
        LogCleaning.Progress progress;
        do {
            progress = cleaning.step(1 + 500);
        } while (progress == LogCleaning.Progress.GOING_ON);
        return progress;
    }

    /** Cuts the log somewhere from the high watermark on. */
    void truncate() {
        long from = log.highWatermark();
        long offset = from + random.nextInt((int) (log.logEndOffset() - from) + 1);
        log.truncateTo(offset).toCompletableFuture().join();
        forgetFrom(written.containsKey(offset) ? bases.floor(offset) : offset);
    }

    /** The log has turned out to end there. */
    void forgetFrom(long offset) {
        written.tailMap(offset, true).clear();
        bases.tailSet(offset, true).clear();
        aborted.removeIf(one -> one >= offset);
        for (Producer producer : producers.values()) {
            producer.sequence = 0;
            producer.transactionStart = -1;
        }
        for (Written one : written.values()) {
            Producer producer = producers.get(one.producerId);
            if (producer != null && one.key == null) {
                producer.transactionStart = -1;
            } else if (producer != null) {
                producer.sequence++;
                producer.transactionStart =
                        producer.transactionStart < 0 && one.transactional ? one.offset : producer.transactionStart;
            }
        }
        // what a cut marker had aborted is open again
        for (Producer producer : producers.values()) {
            if (producer.transactionStart >= 0) {
                written.tailMap(producer.transactionStart, true).values().stream()
                        .filter(one -> one.producerId == producer.id)
                        .forEach(one -> aborted.remove(one.offset));
            }
        }
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** All batches of the log, as Kafka's client reads them. */
    List<MutableRecordBatch> batches(long from, int maxBytes) {
        List<MutableRecordBatch> all = new ArrayList<>();
        long next = from;
        while (next < log.logEndOffset()) {
            ReadResult result = log.read(next, log.logEndOffset(), maxBytes, true);
            assertThat(result).isInstanceOf(ReadResult.Found.class);
            ReadResult.Found found = (ReadResult.Found) result;
            if (found.slices().isEmpty()) {
                break;
            }
            for (FileSlice slice : found.slices()) {
                for (MutableRecordBatch batch : TestingLogs.batches(slice)) {
                    batch.ensureValid();
                    all.add(batch);
                    next = batch.lastOffset() + 1;
                }
                slice.release();
            }
        }
        return all;
    }

    private List<Found> records(List<MutableRecordBatch> batches) {
        List<Found> found = new ArrayList<>();
        for (MutableRecordBatch batch : batches) {
            for (Record record : batch) {
                if (!batch.isControlBatch()) {
                    found.add(new Found(record.offset(), text(record.key()), text(record.value()), record.timestamp()));
                }
            }
        }
        return found;
    }

    /** What a consumer of committed records is given. */
    private List<Found> committed(List<MutableRecordBatch> batches, long limit) {
        List<AbortedTransaction> index = new ArrayList<>(log.abortedTransactions(log.logStartOffset(), limit));
        index.sort(java.util.Comparator.comparingLong(AbortedTransaction::firstOffset));
        Set<Long> abortedNow = new HashSet<>();
        List<MutableRecordBatch> kept = new ArrayList<>();
        for (MutableRecordBatch batch : batches) {
            while (!index.isEmpty() && index.getFirst().firstOffset() <= batch.lastOffset()) {
                abortedNow.add(index.removeFirst().producerId());
            }
            if (batch.isControlBatch()) {
                if (EndMarkerKind.isAbort(batch)) {
                    abortedNow.remove(batch.producerId());
                }
            } else if (!batch.isTransactional() || !abortedNow.contains(batch.producerId())) {
                kept.add(batch);
            }
        }
        return records(kept).stream().filter(one -> one.offset < limit).toList();
    }

    private static final class EndMarkerKind {
        static boolean isAbort(MutableRecordBatch batch) {
            for (Record record : batch) {
                return record.key().duplicate().getShort(2) == 0;
            }
            return false;
        }
    }

    /**
     * Whether the log is what it must be.
     *
     * @param compactedTo up to where it is compacted for certain
     * @param touchedTo up to where it may be compacted
     */
    void check(String what, long compactedTo, long touchedTo) {
        List<MutableRecordBatch> batches = batches(log.logStartOffset(), 1 << 20);
        List<Found> all = records(batches);
        checkOrder(what, batches);
        checkRecords(what, all, compactedTo, touchedTo);
        checkState(what, all);
        long stable = log.firstUnstableOffset().orElse(log.logEndOffset());
        assertThat(committed(batches, stable))
                .as("%s: what consumers of committed records see", what)
                .isEqualTo(all.stream()
                        .filter(one -> one.offset < stable && !aborted.contains(one.offset))
                        .toList());
        checkReadsFromAnywhere(what, all);
    }

    private void checkRecords(String what, List<Found> all, long compactedTo, long touchedTo) {
        Set<Long> there = new HashSet<>();
        for (Found one : all) {
            Written was = written.get(one.offset);
            assertThat(was).as("%s: what was written of %s", what, one).isNotNull();
            assertThat(one).as(what).isEqualTo(new Found(was.offset, was.key, was.value, was.timestamp));
            there.add(one.offset);
        }
        Map<String, Long> lastCompacted = lasts(compactedTo);
        Map<String, Long> lastTouched = lasts(touchedTo);
        for (Written one : written.tailMap(log.logStartOffset(), true).values()) {
            if (one.key == null) {
                continue;
            }
            boolean isAborted = aborted.contains(one.offset);
            if (there.contains(one.offset)) {
                assertThat(one.offset >= compactedTo || !isAborted && lastCompacted.get(one.key) == one.offset)
                        .as("%s: %s is gone, for it is compacted to %s", what, one, compactedTo)
                        .isTrue();
            } else {
                assertThat(isAborted
                                || one.offset < touchedTo
                                        && (one.value == null || lastTouched.get(one.key) > one.offset))
                        .as("%s: %s is there, for it is compacted to %s at most", what, one, touchedTo)
                        .isTrue();
            }
        }
    }

    /** The last offset of each key below the given one, of records that count. */
    private Map<String, Long> lasts(long below) {
        Map<String, Long> lasts = new HashMap<>();
        for (Written one : written.headMap(below, false).values()) {
            if (one.key != null && !aborted.contains(one.offset)) {
                lasts.put(one.key, one.offset);
            }
        }
        return lasts;
    }

    /** Whoever reads all records that were not aborted ends with what the model says, key by key. */
    private void checkState(String what, List<Found> all) {
        Map<String, String> state = new TreeMap<>();
        for (Found one : all) {
            if (!aborted.contains(one.offset)) {
                put(state, one.key, one.value);
            }
        }
        Map<String, String> expected = new TreeMap<>();
        for (Written one : written.tailMap(log.logStartOffset(), true).values()) {
            if (one.key != null && !aborted.contains(one.offset)) {
                put(expected, one.key, one.value);
            }
        }
        assertThat(state).as("%s: the last value of each key", what).isEqualTo(expected);
    }

    private static void put(Map<String, String> state, String key, String value) {
        if (value == null) {
            state.remove(key);
        } else {
            state.put(key, value);
        }
    }

    private static void checkOrder(String what, List<MutableRecordBatch> batches) {
        long next = 0;
        for (MutableRecordBatch batch : batches) {
            assertThat(batch.baseOffset()).as(what).isGreaterThanOrEqualTo(next);
            next = batch.lastOffset() + 1;
        }
    }

    private void checkReadsFromAnywhere(String what, List<Found> all) {
        long start = log.logStartOffset();
        if (log.logEndOffset() == start) {
            return;
        }
        long from = start + random.nextInt((int) (log.logEndOffset() - start));
        assertThat(records(batches(from, 200)).stream()
                        .filter(one -> one.offset >= from)
                        .toList())
                .as("%s: read from %s", what, from)
                .isEqualTo(all.stream().filter(one -> one.offset >= from).toList());
    }

    /** What the broker knows of producers: sequence and whether a transaction is open, by id. */
    Map<Long, List<Object>> producers() {
        Map<Long, List<Object>> known = new TreeMap<>();
        for (ProducerView view : log.activeProducers()) {
            known.put(
                    view.producerId(),
                    List.of(view.producerEpoch(), view.lastSequence(), view.currentTransactionStartOffset() >= 0));
        }
        return known;
    }
}
