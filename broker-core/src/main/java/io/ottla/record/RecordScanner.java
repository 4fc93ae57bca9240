package io.ottla.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Walks the records of a v2 batch and checks their structure: in place where they lie in a buffer, or by a small window
 * over a stream that decompresses them, keys and values skipped. Allocates nothing per record. Integers of a record are
 * zigzag varints. Source: KIP-98.
 *
 * <pre>
 *   length          varint   bytes after this field
 *   attributes      int8     unused
 *   timestampDelta  varlong
 *   offsetDelta     varint
 *   keyLength       varint   -1: null
 *   key
 *   valueLength     varint   -1: null
 *   value
 *   headerCount     varint
 *   headers                  each: keyLength varint, key (UTF-8), valueLength varint (-1: null), value
 * </pre>
 *
 * <p>Reusable; not thread-safe.
 */
final class RecordScanner {
    /** What a step found. */
    enum Step {
        RECORD,
        /** As many records as were announced, and nothing behind them. */
        END,
        /** No record begins there; {@link #problem} says why. */
        MALFORMED,
        /** The stream yields more than it may. */
        TOO_LARGE,
        /** The record's length is more than it may be; nothing of the record was read. */
        OVERSIZED
    }

    private ByteBuffer window;
    private int at;
    private int limit;
    private long passed;
    private long end;

    private InputStream stream;
    private byte[] chunk;
    private long yieldable;

    private int left;
    private int maxRecordBytes;
    private boolean tooLarge;
    private boolean oversized;
    private boolean unreadable;
    private String problem;

    private int startsAt;
    private int length;
    private long timestampDelta;
    private int offsetDelta;
    private int keyAt;
    private int keyLength;
    private int valueAt;
    private int valueLength;
    private int headerCount;
    private int headersAt;

    /** Begins at an absolute index of a buffer; the records end exactly at {@code to}. */
    RecordScanner over(ByteBuffer records, int from, int to, int count) {
        begin(count);
        stream = null;
        window = records;
        at = from;
        limit = to;
        return this;
    }

    /**
     * Begins with the first byte that the stream yields. Positions of keys and values mean nothing then.
     *
     * @param scratch where the window lies
     * @param maxBytes what the stream may yield
     */
    RecordScanner over(InputStream records, byte[] scratch, long maxBytes, int count) {
        begin(count);
        stream = records;
        window = ByteBuffer.wrap(scratch);
        chunk = scratch;
        yieldable = maxBytes;
        at = 0;
        limit = 0;
        return this;
    }

    /** Allows no record a greater {@link #length} until it begins anew; without this, nothing bounds it. */
    RecordScanner within(int mostRecordBytes) {
        maxRecordBytes = mostRecordBytes;
        return this;
    }

    private void begin(int count) {
        left = count;
        maxRecordBytes = Integer.MAX_VALUE;
        passed = 0;
        problem = null;
        tooLarge = false;
        oversized = false;
        unreadable = false;
    }

    /** Steps to the next record. */
    Step next() {
        if (left == 0) {
            return atEnd();
        }
        left--;
        end = Long.MAX_VALUE;
        startsAt = at;
        length = readVarint();
        if (problem == null && length > maxRecordBytes) {
            oversized = true;
            problem = OversizedRecord.text(length, maxRecordBytes);
        }
        if (problem == null && (length < 0 || stream == null && length > limit - at)) {
            problem = "Expected a record of at most " + (limit - at) + " bytes, but its length is " + length;
        }
        if (problem == null) {
            end = position() + length;
            readByte();
            timestampDelta = readVarlong();
            offsetDelta = readVarint();
            keyLength = readLength("key", -1);
            keyAt = at;
            skip(keyLength);
            valueLength = readLength("value", -1);
            valueAt = at;
            skip(valueLength);
            headerCount = readLength("header list", 0);
            headersAt = at;
            skipHeaders();
            if (problem == null && position() != end) {
                problem = "Expected a record of " + length + " bytes, but its fields end " + (end - position())
                        + " bytes before that";
            }
        }
        return problem == null ? Step.RECORD : failed();
    }

    private Step failed() {
        return tooLarge ? Step.TOO_LARGE : oversized ? Step.OVERSIZED : Step.MALFORMED;
    }

    private Step atEnd() {
        end = Long.MAX_VALUE;
        if (problem == null && (at < limit || refill())) {
            problem = "Expected no bytes behind the last record, but there are some";
        }
        return problem == null ? Step.END : failed();
    }

    private void skipHeaders() {
        for (int i = 0; i < headerCount && problem == null; i++) {
            skip(readLength("header key", 0));
            skip(readLength("header value", -1));
        }
    }

    /** What was wrong; null while every step was {@link Step#RECORD} or {@link Step#END}. */
    String problem() {
        return problem;
    }

    /** Whether it was the codec that failed, and not a record. */
    boolean isUnreadable() {
        return unreadable;
    }

    /** Where the record, with its length field, begins in a buffer; means nothing of a stream. */
    int startsAt() {
        return startsAt;
    }

    /** Where what follows the record begins in a buffer; means nothing of a stream. */
    int endsAt() {
        return at;
    }

    /** Bytes of the record with its length field not counted. */
    int length() {
        return length;
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    int keyAt() {
        return keyAt;
    }

    int keyLength() {
        return keyLength;
    }

    int valueAt() {
        return valueAt;
    }

    int valueLength() {
        return valueLength;
    }

    int headerCount() {
        return headerCount;
    }

    int headersAt() {
        return headersAt;
    }

    ByteBuffer window() {
        return window;
    }

    private long position() {
        return passed + at;
    }

    private int readLength(String what, int least) {
        int value = readVarint();
        if (problem == null && (value < least || value > end - position())) {
            problem = "Expected a " + what + " of at most " + (end - position()) + " bytes, but its length is " + value;
        }
        return problem == null ? value : least;
    }

    private void skip(int bytes) {
        int rest = Math.max(bytes, 0);
        while (rest > limit - at && problem == null) {
            rest -= limit - at;
            at = limit;
            if (!refill()) {
                underflow();
                return;
            }
        }
        at += problem == null ? rest : 0;
    }

    private int readVarint() {
        long value = readUnsigned(28);
        int raw = (int) value;
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readVarlong() {
        long raw = readUnsigned(63);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readUnsigned(int lastShift) {
        long value = 0;
        for (int shift = 0; shift <= lastShift; shift += 7) {
            byte b = readByte();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        if (problem == null) {
            problem = "Expected a varint of at most " + (lastShift / 7 + 1) + " bytes, but it is longer";
        }
        return 0;
    }

    /** 0, which ends a varint, once something is wrong. */
    private byte readByte() {
        if (at == limit && !refill() || position() >= end) {
            underflow();
            return 0;
        }
        return window.get(at++);
    }

    private void underflow() {
        if (problem == null) {
            problem = position() >= end
                    ? "Expected a record of " + length + " bytes, but its fields need more"
                    : "Expected " + (left + 1) + " more records, but the bytes end";
        }
    }

    private boolean refill() {
        if (stream == null || problem != null) {
            return false;
        }
        try {
            int read = stream.read(chunk, 0, (int) Math.min(chunk.length, yieldable + 1));
            if (read <= 0) {
                return false;
            }
            yieldable -= read;
            if (yieldable < 0) {
                tooLarge = true;
                problem = "Expected less once decompressed";
                return false;
            }
            passed += limit;
            at = 0;
            limit = read;
            return true;
        } catch (IOException | RuntimeException e) {
            unreadable = true;
            problem = "Expected compressed records, but they can't be opened: " + Decompression.reason(e);
            return false;
        }
    }
}
