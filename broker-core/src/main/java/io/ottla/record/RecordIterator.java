package io.ottla.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the records of a v2 batch one after the other: in place where they are not compressed, else from a decompressed
 * copy of bounded size. The iterator itself is the view of the current record, so that nothing is allocated per record
 * but what {@link #key}, {@link #value} and headers are asked for.
 *
 * <p>For records that were accepted before (logs, answers of a leader); what a producer sends is judged by
 * {@link BatchValidator}. Reusable; not thread-safe.
 */
public final class RecordIterator {
    private final RecordScanner scanner = new RecordScanner();
    private final Decompression decompression;
    private int maxRecordBytes = Integer.MAX_VALUE;
    private long baseOffset;
    private long baseTimestamp;
    private long appendTime;
    private int baseSequence;

    private int headersLeft;
    private int headerAt;
    private int headerKeyAt;
    private int headerKeyLength;
    private int headerValueAt;
    private int headerValueLength;

    public RecordIterator() {
        this(Decompression.DEFAULT_MAX_BYTES);
    }

    /** @param maxDecompressedBytes what the records of one batch may become; beyond it they count as corrupt */
    public RecordIterator(int maxDecompressedBytes) {
        decompression = new Decompression(maxDecompressedBytes);
    }

    /** Allows no larger record in compressed batches from the next one on, bytes; without this, nothing bounds it. */
    public RecordIterator within(int mostRecordBytes) {
        maxRecordBytes = mostRecordBytes;
        return this;
    }

    /**
     * Begins before the first record of a batch, whose bytes must stay until the last was read.
     *
     * @throws CorruptRecords where compressed records can't be opened
     */
    public RecordIterator over(RecordBatch batch) {
        baseOffset = batch.baseOffset();
        baseTimestamp = batch.baseTimestamp();
        appendTime = batch.isLogAppendTime() ? batch.maxTimestamp() : RecordBatch.NO_TIMESTAMP;
        baseSequence = batch.baseSequence();
        headersLeft = 0;
        Codec codec = batch.codec();
        int from = batch.start() + RecordBatch.HEADER_SIZE;
        if (codec == null || batch.recordCount() < 0) {
            throw CorruptRecords.because("Expected a known codec and a number of records, but found " + batch);
        }
        if (codec == Codec.NONE) {
            scanner.over(batch.buffer(), from, batch.end(), batch.recordCount());
        } else {
            ByteBuffer records =
                    decompression.all(codec, batch.buffer().slice(from, batch.end() - from), RecordBatch.MAGIC);
            scanner.over(records, 0, records.limit(), batch.recordCount()).within(maxRecordBytes);
        }
        return this;
    }

    /**
     * Steps to the next record.
     *
     * @return false behind the last one
     * @throws CorruptRecords where no record begins there
     * @throws OversizedRecord where a larger one does than is allowed
     */
    public boolean next() {
        return switch (scanner.next()) {
            case RECORD -> {
                headersLeft = scanner.headerCount();
                headerAt = scanner.headersAt();
                yield true;
            }
            case END -> false;
            case MALFORMED, TOO_LARGE -> throw CorruptRecords.because(scanner.problem());
            case OVERSIZED -> throw new OversizedRecord(scanner.length(), maxRecordBytes, baseOffset);
        };
    }

    public long offset() {
        return baseOffset + scanner.offsetDelta();
    }

    /** Milliseconds; the time of the append where the batch says so; {@link RecordBatch#NO_TIMESTAMP} for none. */
    public long timestamp() {
        if (appendTime != RecordBatch.NO_TIMESTAMP) {
            return appendTime;
        }
        return baseTimestamp == RecordBatch.NO_TIMESTAMP && scanner.timestampDelta() == 0
                ? RecordBatch.NO_TIMESTAMP
                : baseTimestamp + scanner.timestampDelta();
    }

    /** The producer's number of this record; {@link RecordBatch#NO_SEQUENCE} without one. */
    public int sequence() {
        return baseSequence == RecordBatch.NO_SEQUENCE
                ? RecordBatch.NO_SEQUENCE
                : (baseSequence + scanner.offsetDelta()) & Integer.MAX_VALUE;
    }

    /** Bytes that the record takes, its length field not counted. */
    public int length() {
        return scanner.length();
    }

    public boolean hasKey() {
        return scanner.keyLength() >= 0;
    }

    /** -1 for null. */
    public int keyLength() {
        return scanner.keyLength();
    }

    /** A window on the key, null without one. */
    public ByteBuffer key() {
        return scanner.keyLength() < 0 ? null : scanner.window().slice(scanner.keyAt(), scanner.keyLength());
    }

    /** False for a tombstone. */
    public boolean hasValue() {
        return scanner.valueLength() >= 0;
    }

    /** -1 for null. */
    public int valueLength() {
        return scanner.valueLength();
    }

    /** A window on the value, null without one. */
    public ByteBuffer value() {
        return scanner.valueLength() < 0 ? null : scanner.window().slice(scanner.valueAt(), scanner.valueLength());
    }

    public int headerCount() {
        return scanner.headerCount();
    }

    /** A window on all headers of the record as they are encoded, their number not included. */
    public ByteBuffer encodedHeaders() {
        int end = scanner.headersAt();
        for (int i = 0; i < scanner.headerCount(); i++) {
            end = headerEnd(end);
        }
        headersLeft = scanner.headerCount();
        headerAt = scanner.headersAt();
        return scanner.window().slice(scanner.headersAt(), end - scanner.headersAt());
    }

    /** Steps to the next header of the record; false behind the last one. */
    public boolean nextHeader() {
        if (headersLeft == 0) {
            return false;
        }
        headersLeft--;
        headerAt = headerEnd(headerAt);
        return true;
    }

    public String headerKey() {
        byte[] name = new byte[headerKeyLength];
        scanner.window().get(headerKeyAt, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** A window on the header's value, null without one. */
    public ByteBuffer headerValue() {
        return headerValueLength < 0 ? null : scanner.window().slice(headerValueAt, headerValueLength);
    }

    /** Reads the header that begins at an index, which the scanner has checked, and tells where it ends. */
    private int headerEnd(int index) {
        ByteBuffer window = scanner.window();
        headerKeyLength = Varints.read(window, index);
        headerKeyAt = index + Varints.encodedSize(window, index);
        int valueLengthAt = headerKeyAt + headerKeyLength;
        headerValueLength = Varints.read(window, valueLengthAt);
        headerValueAt = valueLengthAt + Varints.encodedSize(window, valueLengthAt);
        return headerValueAt + Math.max(headerValueLength, 0);
    }
}
