package io.ottla.record;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes v2 batches again with fewer records, as compaction leaves them: offsets, sequences, epochs, codec and flags stay
 * as they are, also where the first or the last record goes. Source: KIP-98, KIP-534 (delete horizon).
 *
 * <pre>
 *   filter.judge(batch, selection);
 *   if (filter.isUntouched()) { … the batch as it is … } else if (filter.kept() > 0) { … filter.write(horizon) … }
 * </pre>
 *
 * <p>Records that stay are copied as they are encoded, unless the delete horizon moves what their timestamps are relative
 * to. Reusable; not thread-safe.
 */
public final class BatchFilter {
    private static final int FIRST_RUNS = 64;

    private final RecordScanner scanner = new RecordScanner();
    private final Decompression decompression;
    private int maxRecordBytes = Integer.MAX_VALUE;
    private RecordBatch batch;
    private ByteBuffer records;
    private int from;
    private int to;
    /** Runs of neighbouring records that stay: where each begins and ends in {@link #records}. */
    private int[] runs = new int[2 * FIRST_RUNS];

    private int runCount;
    private int kept;
    private int keptBytes;
    private boolean tombstones;
    private long maxTimestamp;
    private ByteBuffer plain = ByteBuffer.allocate(4096);

    public BatchFilter() {
        this(Decompression.DEFAULT_MAX_BYTES);
    }

    /** @param maxDecompressedBytes what the records of one batch may become; beyond it they count as corrupt */
    public BatchFilter(int maxDecompressedBytes) {
        decompression = new Decompression(maxDecompressedBytes);
    }

    /** Allows no larger record in compressed batches, bytes; without this, nothing bounds it. */
    public BatchFilter within(int mostRecordBytes) {
        maxRecordBytes = mostRecordBytes;
        return this;
    }

    /**
     * Shows all records of a batch to the selection. The batch's bytes must stay until {@link #write}.
     *
     * @throws CorruptRecords where a record can't be read
     * @throws OversizedRecord where one is larger than is allowed
     */
    public BatchFilter judge(RecordBatch judged, RecordSelection selection) {
        open(judged);
        runCount = 0;
        kept = 0;
        keptBytes = 0;
        tombstones = false;
        maxTimestamp = RecordBatch.NO_TIMESTAMP;
        long baseOffset = judged.baseOffset();
        long baseTimestamp = judged.baseTimestamp();
        while (next()) {
            boolean hasValue = scanner.valueLength() >= 0;
            if (selection.keeps(
                    baseOffset + scanner.offsetDelta(), records, scanner.keyAt(), scanner.keyLength(), hasValue)) {
                keep(scanner.startsAt(), scanner.endsAt());
                tombstones |= !hasValue;
                maxTimestamp = Math.max(maxTimestamp, baseTimestamp + scanner.timestampDelta());
            }
        }
        return this;
    }

    private void open(RecordBatch judged) {
        batch = judged;
        Codec codec = judged.codec();
        if (codec == null || judged.recordCount() < 0) {
            throw CorruptRecords.because("Expected a known codec and a number of records, but found " + judged);
        }
        int start = judged.start() + RecordBatch.HEADER_SIZE;
        if (codec == Codec.NONE || judged.recordCount() == 0) {
            records = judged.buffer();
            from = start;
            to = judged.end();
            scanner.over(records, from, to, judged.recordCount());
        } else {
            records = decompression.all(codec, judged.buffer().slice(start, judged.end() - start), RecordBatch.MAGIC);
            from = 0;
            to = records.limit();
            scanner.over(records, from, to, judged.recordCount()).within(maxRecordBytes);
        }
    }

    private boolean next() {
        return switch (scanner.next()) {
            case RECORD -> true;
            case END -> false;
            case MALFORMED, TOO_LARGE -> throw CorruptRecords.because(scanner.problem());
            case OVERSIZED -> throw new OversizedRecord(scanner.length(), maxRecordBytes, batch.baseOffset());
        };
    }

    private void keep(int start, int end) {
        kept++;
        keptBytes += end - start;
        if (runCount > 0 && runs[2 * runCount - 1] == start) {
            runs[2 * runCount - 1] = end;
            return;
        }
        if (2 * runCount == runs.length) {
            runs = Arrays.copyOf(runs, 2 * runs.length);
        }
        runs[2 * runCount] = start;
        runs[2 * runCount + 1] = end;
        runCount++;
    }

    /** How many records stay. */
    public int kept() {
        return kept;
    }

    /** Whether all stay. */
    public boolean isUntouched() {
        return kept == batch.recordCount();
    }

    /** Whether a record without a value stays. */
    public boolean hasTombstones() {
        return tombstones;
    }

    /**
     * The batch with those records that stay; at least one does.
     *
     * @param deleteHorizonMs set where it is 0 or more; else what the batch says stays
     * @return position 0 to limit; may be used again by the next call
     */
    public ByteBuffer write(long deleteHorizonMs) {
        ByteBuffer left = deleteHorizonMs >= 0 ? moved(deleteHorizonMs) : copied();
        Codec codec = batch.codec();
        ByteBuffer whole = codec == Codec.NONE
                ? left
                : RecordBatchBuilder.compressed(
                        left.slice(RecordBatch.HEADER_SIZE, left.limit() - RecordBatch.HEADER_SIZE),
                        Decompression.ordinary(codec));
        whole.put(0, batch.buffer(), batch.start(), RecordBatch.HEADER_SIZE);
        whole.putInt(RecordBatch.RECORD_COUNT_AT, kept);
        if (!batch.isLogAppendTime()) {
            whole.putLong(RecordBatch.MAX_TIMESTAMP_AT, maxTimestamp);
        }
        int attributes = batch.attributes();
        if (deleteHorizonMs >= 0) {
            attributes |= RecordBatch.DELETE_HORIZON_BIT;
            whole.putLong(RecordBatch.BASE_TIMESTAMP_AT, deleteHorizonMs);
        }
        RecordBatchBuilder.finish(whole, (short) attributes);
        return whole;
    }

    /** Room for a header, and the records that stay behind it, as they are. */
    private ByteBuffer copied() {
        ByteBuffer target = room((long) RecordBatch.HEADER_SIZE + keptBytes);
        for (int i = 0; i < runCount; i++) {
            int bytes = runs[2 * i + 1] - runs[2 * i];
            target.put(target.position(), records, runs[2 * i], bytes);
            target.position(target.position() + bytes);
        }
        return target.flip();
    }

    /** The same with timestamps that are relative to the horizon. */
    private ByteBuffer moved(long horizonMs) {
        long shift = batch.baseTimestamp() - horizonMs;
        int most = Varints.MAX_LONG_BYTES + Varints.MAX_INT_BYTES;
        ByteBuffer target = room(RecordBatch.HEADER_SIZE + keptBytes + (long) most * kept);
        scanner.over(records, from, to, batch.recordCount());
        int run = 0;
        while (run < runCount && next()) {
            int start = scanner.startsAt();
            if (start >= runs[2 * run + 1]) {
                run++;
            }
            if (run < runCount && start >= runs[2 * run]) {
                move(target, start, scanner.endsAt(), scanner.timestampDelta() + shift);
            }
        }
        return target.flip();
    }

    /** Copies the record that begins and ends there, but for its length and timestamp. */
    private void move(ByteBuffer target, int start, int end, long timestampDelta) {
        int attributesAt = start + Varints.encodedSize(records, start);
        int timestampAt = attributesAt + 1;
        int restAt = timestampAt + Varints.encodedSize(records, timestampAt);
        Varints.write(target, 1 + Varints.size(timestampDelta) + end - restAt);
        target.put(records.get(attributesAt));
        Varints.write(target, timestampDelta);
        target.put(target.position(), records, restAt, end - restAt);
        target.position(target.position() + end - restAt);
    }

    private ByteBuffer room(long bytes) {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw CorruptRecords.because(
                    "Expected records of less than 2 GiB, but those of " + batch + " take " + bytes + " bytes");
        }
        if (plain.capacity() < bytes) {
            plain = ByteBuffer.allocate((int) Math.max(bytes, Math.min(2L * plain.capacity(), Integer.MAX_VALUE - 8)));
        }
        return plain.clear().position(RecordBatch.HEADER_SIZE);
    }

    /**
     * A batch of that one's offsets, sequences, epochs and largest timestamp, without any record: it tells where its
     * producer stands.
     */
    public static ByteBuffer empty(RecordBatch batch) {
        return withoutRecords(batch, 0);
    }

    /** The same, but nobody's, and of no transaction: it only tells up to which offset there were records. */
    public static ByteBuffer placeholder(RecordBatch batch) {
        return withoutRecords(batch, RecordBatch.TRANSACTIONAL_BIT | RecordBatch.CONTROL_BIT);
    }

    private static ByteBuffer withoutRecords(RecordBatch batch, int attributesToo) {
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_SIZE);
        header.put(0, batch.buffer(), batch.start(), RecordBatch.HEADER_SIZE);
        header.putInt(RecordBatch.RECORD_COUNT_AT, 0);
        header.putLong(RecordBatch.BASE_TIMESTAMP_AT, RecordBatch.NO_TIMESTAMP);
        if (attributesToo != 0) {
            header.putLong(RecordBatch.PRODUCER_ID_AT, RecordBatch.NO_PRODUCER_ID);
            header.putShort(RecordBatch.PRODUCER_EPOCH_AT, RecordBatch.NO_EPOCH);
            header.putInt(RecordBatch.BASE_SEQUENCE_AT, RecordBatch.NO_SEQUENCE);
        }
        int left = batch.attributes() & ~(Codec.MASK | RecordBatch.DELETE_HORIZON_BIT | attributesToo);
        RecordBatchBuilder.finish(header, (short) left);
        return header;
    }
}
