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

    /** What a control batch of this marker alone has as its key. */
    public ByteBuffer key() {
        return ByteBuffer.allocate(4)
                .putShort((short) 0)
                .putShort(commits ? COMMIT : ABORT)
                .flip();
    }

    /** What it has as its value. */
    public ByteBuffer value() {
        return ByteBuffer.allocate(6)
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
     * Reads the marker of a control batch; newer versions only add fields.
     *
     * @return null where the record is another kind of control record
     */
    public static EndTransactionMarker of(RecordIterator record) {
        ByteBuffer key = record.key();
        ByteBuffer value = record.value();
        if (key == null || key.remaining() < 4 || value == null || value.remaining() < 6) {
            return null;
        }
        short type = key.getShort(2);
        boolean known = type == ABORT || type == COMMIT;
        return known ? new EndTransactionMarker(type == COMMIT, value.getInt(2)) : null;
    }
}
