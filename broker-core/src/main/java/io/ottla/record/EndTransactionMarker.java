package io.ottla.record;

import io.ottla.types.ProducerIdAndEpoch;
import java.nio.ByteBuffer;

/**
 * The control record that ends a transaction in a partition. Source: KIP-98.
 *
 * <pre>
 *   key    version int16 (0)   type int16: 0 abort, 1 commit
 *   value  version int16 (0)   coordinatorEpoch int32
 * </pre>
 *
 * @param commits whether the transaction's records count; else readers of committed records skip them
 * @param coordinatorEpoch the epoch of the transaction coordinator that decided
 */
public record EndTransactionMarker(boolean commits, int coordinatorEpoch) {
    private static final short ABORT = 0;
    private static final short COMMIT = 1;
    private static final int KEY_BYTES = 4;
    private static final int TYPE_AT = 2;
    private static final int VALUE_BYTES = 6;
    private static final int EPOCH_AT = 2;

    /** What a control batch of this marker alone has as its key. */
    public ByteBuffer key() {
        return ByteBuffer.allocate(KEY_BYTES)
                .putShort((short) 0)
                .putShort(commits ? COMMIT : ABORT)
                .flip();
    }

    /** What it has as its value. */
    public ByteBuffer value() {
        return ByteBuffer.allocate(VALUE_BYTES)
                .putShort((short) 0)
                .putInt(coordinatorEpoch)
                .flip();
    }

    /** A control batch that holds this marker alone, at offset 0 until it is stamped. */
    public CheckedBatches batch(long timestampMs, ProducerIdAndEpoch producer) {
        ByteBuffer built = new RecordBatchBuilder()
                .producer(producer.id(), producer.epoch(), RecordBatch.NO_SEQUENCE)
                .transactional()
                .control()
                .append(timestampMs, key(), value())
                .build();
        return new OwnBatch(built, 1, timestampMs);
    }

    /**
     * Reads the marker that a control batch holds alone.
     *
     * @return null where it holds another kind of control record, or none
     */
    public static EndTransactionMarker of(RecordBatch batch) {
        RecordIterator records = new RecordIterator().over(batch);
        return records.next() ? of(records) : null;
    }

    /**
     * Reads the marker of a control batch; newer versions only add fields.
     *
     * @return null where the record is another kind of control record
     */
    public static EndTransactionMarker of(RecordIterator record) {
        return of(record.key(), record.value());
    }

    /** Reads a marker from where the buffers stand, and leaves them there. */
    static EndTransactionMarker of(ByteBuffer key, ByteBuffer value) {
        if (key == null || key.remaining() < KEY_BYTES || value == null || value.remaining() < VALUE_BYTES) {
            return null;
        }
        short type = key.getShort(key.position() + TYPE_AT);
        boolean known = type == ABORT || type == COMMIT;
        return known ? new EndTransactionMarker(type == COMMIT, value.getInt(value.position() + EPOCH_AT)) : null;
    }
}
