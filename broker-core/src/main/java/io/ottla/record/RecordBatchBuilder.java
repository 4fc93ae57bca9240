package io.ottla.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Writes one batch of message format v2 for what the cluster itself appends: coordinators' records, markers, converted
 * old messages. Offsets follow on each other unless given. Layouts: {@link RecordBatch}, {@link RecordScanner}.
 *
 * <p>One batch a builder; not thread-safe.
 */
public final class RecordBatchBuilder {
    private static final byte NO_RECORD_ATTRIBUTES = 0;
    private static final int FIRST_BYTES = 512;

    private final Codec codec;
    private final int compressionLevel;
    private final boolean defaultLevel;
    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES).position(RecordBatch.HEADER_SIZE);
    private long baseOffset;
    private int leaderEpoch = RecordBatch.NO_EPOCH;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private int flags;
    private int count;
    private int lastOffsetDelta = -1;
    private long baseTimestamp = RecordBatch.NO_TIMESTAMP;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    /** Uncompressed. */
    public RecordBatchBuilder() {
        this(Codec.NONE);
    }

    /** Compressed at the codec's default level. */
    public RecordBatchBuilder(Codec codec) {
        this(codec, 0, true);
    }

    /** Compressed at that level; snappy has none. */
    public RecordBatchBuilder(Codec codec, int compressionLevel) {
        this(codec, compressionLevel, false);
    }

    private RecordBatchBuilder(Codec codec, int compressionLevel, boolean defaultLevel) {
        this.codec = codec;
        this.compressionLevel = compressionLevel;
        this.defaultLevel = defaultLevel;
    }

    /** 0 unless set: the leader stamps it. */
    public RecordBatchBuilder baseOffset(long offset) {
        baseOffset = offset;
        return this;
    }

    /** -1 unless set: the leader stamps it. */
    public RecordBatchBuilder leaderEpoch(int epoch) {
        leaderEpoch = epoch;
        return this;
    }

    /** None unless set. */
    public RecordBatchBuilder producer(long id, short epoch, int firstSequence) {
        producerId = id;
        producerEpoch = epoch;
        baseSequence = firstSequence;
        return this;
    }

    public RecordBatchBuilder transactional() {
        flags |= RecordBatch.TRANSACTIONAL_BIT;
        return this;
    }

    public RecordBatchBuilder control() {
        flags |= RecordBatch.CONTROL_BIT;
        return this;
    }

    /** Records have the time of the append, {@code timeMs}, and not their own. */
    public RecordBatchBuilder logAppendTime(long timeMs) {
        flags |= RecordBatch.LOG_APPEND_TIME_BIT;
        maxTimestamp = timeMs;
        return this;
    }

    /** A record without headers at the next offset; key and value stay where they are, null for none. */
    public RecordBatchBuilder append(long timestampMs, ByteBuffer key, ByteBuffer value) {
        return append(lastOffsetDelta + 1, timestampMs, key, value, 0, null);
    }

    /**
     * A record.
     *
     * @param offsetDelta its offset less the base offset, larger than the last record's
     * @param headerCount how many headers {@code encodedHeaders} holds
     * @param encodedHeaders as {@link RecordIterator#encodedHeaders} gives them; null for none
     */
    public RecordBatchBuilder append(
            int offsetDelta,
            long timestampMs,
            ByteBuffer key,
            ByteBuffer value,
            int headerCount,
            ByteBuffer encodedHeaders) {
        if (offsetDelta <= lastOffsetDelta) {
            throw new IllegalArgumentException(
                    "Expected an offset past " + lastOffsetDelta + " in the batch, but got " + offsetDelta);
        }
        if (count == 0) {
            baseTimestamp = timestampMs;
        }
        long timestampDelta = timestampMs - baseTimestamp;
        int size = 1
                + Varints.size(timestampDelta)
                + Varints.size(offsetDelta)
                + sizeOf(key)
                + sizeOf(value)
                + Varints.size(headerCount)
                + (encodedHeaders == null ? 0 : encodedHeaders.remaining());
        ensure(size + Varints.size(size));
        Varints.write(buffer, size);
        buffer.put(NO_RECORD_ATTRIBUTES);
        Varints.write(buffer, timestampDelta);
        Varints.write(buffer, offsetDelta);
        write(key);
        write(value);
        Varints.write(buffer, headerCount);
        if (encodedHeaders != null) {
            buffer.put(encodedHeaders.duplicate());
        }
        count++;
        lastOffsetDelta = offsetDelta;
        if ((flags & RecordBatch.LOG_APPEND_TIME_BIT) == 0) {
            maxTimestamp = Math.max(maxTimestamp, timestampMs);
        }
        return this;
    }

    /** Bytes of the batch so far, uncompressed. */
    public int sizeInBytes() {
        return buffer.position();
    }

    /** Records so far. */
    public int recordCount() {
        return count;
    }

    /**
     * The batch, from position to limit of a heap buffer. The builder is done then.
     *
     * @throws IllegalStateException where it has no records
     */
    public ByteBuffer build() {
        if (count == 0) {
            throw new IllegalStateException("Expected at least one record in a batch, but there is none");
        }
        ByteBuffer records = buffer.flip().slice(RecordBatch.HEADER_SIZE, buffer.limit() - RecordBatch.HEADER_SIZE);
        ByteBuffer whole = codec == Codec.NONE ? buffer : compressed(records, compression(codec));
        whole.putLong(0, baseOffset)
                .putInt(RecordBatch.LEADER_EPOCH_AT, leaderEpoch)
                .putInt(RecordBatch.LAST_OFFSET_DELTA_AT, lastOffsetDelta)
                .putLong(RecordBatch.BASE_TIMESTAMP_AT, baseTimestamp)
                .putLong(RecordBatch.MAX_TIMESTAMP_AT, maxTimestamp)
                .putLong(RecordBatch.PRODUCER_ID_AT, producerId)
                .putShort(RecordBatch.PRODUCER_EPOCH_AT, producerEpoch)
                .putInt(RecordBatch.BASE_SEQUENCE_AT, baseSequence)
                .putInt(RecordBatch.RECORD_COUNT_AT, count);
        finish(whole, (short) (flags | codec.id()));
        return whole;
    }

    private Compression compression(Codec wanted) {
        return defaultLevel ? Decompression.ordinary(wanted) : Decompression.at(wanted, compressionLevel);
    }

    /**
     * The same batch with its records in another codec; they are not looked at.
     *
     * @param records of the batch, uncompressed, position to limit
     */
    static ByteBuffer recompressed(RecordBatch batch, ByteBuffer records, Codec codec, int level) {
        ByteBuffer whole;
        if (codec == Codec.NONE) {
            whole = ByteBuffer.allocate(RecordBatch.HEADER_SIZE + records.remaining());
            whole.put(RecordBatch.HEADER_SIZE, records, records.position(), records.remaining());
        } else {
            whole = compressed(records, Decompression.at(codec, level));
        }
        whole.put(0, batch.buffer(), batch.start(), RecordBatch.HEADER_SIZE);
        finish(whole, (short) (batch.attributes() & ~Codec.MASK | codec.id()));
        return whole;
    }

    /** What depends on the records' final bytes. */
    static void finish(ByteBuffer whole, short attributes) {
        whole.putInt(RecordBatch.LENGTH_AT, whole.limit() - RecordBatch.LOG_OVERHEAD)
                .put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC)
                .putShort(RecordBatch.ATTRIBUTES_AT, attributes);
        new RecordBatch().wrap(whole, 0).renewCrc();
    }

    /** Room for a header, and the compressed records behind it. */
    static ByteBuffer compressed(ByteBuffer records, Compression compression) {
        ByteBufferOutputStream out =
                new ByteBufferOutputStream(RecordBatch.HEADER_SIZE + Math.max(64, records.remaining() / 2));
        out.position(RecordBatch.HEADER_SIZE);
        try (OutputStream stream = compression.wrapForOutput(out, RecordBatch.MAGIC)) {
            byte[] chunk = new byte[Math.min(records.remaining(), 16 << 10)];
            ByteBuffer rest = records.duplicate();
            while (rest.hasRemaining()) {
                int size = Math.min(chunk.length, rest.remaining());
                rest.get(chunk, 0, size);
                stream.write(chunk, 0, size);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to write to memory, but that failed", e);
        }
        return out.buffer().flip();
    }

    private static int sizeOf(ByteBuffer bytes) {
        return bytes == null ? 1 : Varints.size(bytes.remaining()) + bytes.remaining();
    }

    private void write(ByteBuffer bytes) {
        if (bytes == null) {
            Varints.write(buffer, -1);
        } else {
            Varints.write(buffer, bytes.remaining());
            buffer.put(bytes.duplicate());
        }
    }

    private void ensure(int bytes) {
        if (bytes > buffer.remaining()) {
            long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + bytes);
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "Expected a batch below 2 GiB, but it would have " + wanted + " bytes");
            }
            buffer = ByteBuffer.allocate((int) wanted).put(buffer.flip());
        }
    }
}
