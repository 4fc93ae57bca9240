package io.ottla.storage;

import io.ottla.record.RecordBatch;
import io.ottla.record.RecordIterator;
import java.nio.ByteBuffer;

/**
 * The one record of a control batch that ends a transaction (KIP-98): key {version int16, type int16: 0 abort, 1
 * commit}, value {version int16, coordinatorEpoch int32}.
 *
 * @param coordinatorEpoch epoch of the coordinator that wrote it
 */
record EndMarker(boolean commit, int coordinatorEpoch) {
    private static final int ABORT = 0;
    private static final int COMMIT = 1;
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;

    /** Reads the marker in an intact control batch; null where it is a marker of something else. */
    static EndMarker read(RecordBatch batch) {
        RecordIterator records = new RecordIterator().over(batch);
        if (!records.next() || records.keyLength() < KEY_BYTES || records.valueLength() < VALUE_BYTES) {
            return null;
        }
        ByteBuffer key = records.key();
        int type = key.getShort(key.position() + 2);
        if (type != ABORT && type != COMMIT) {
            return null;
        }
        ByteBuffer value = records.value();
        return new EndMarker(type == COMMIT, value.getInt(value.position() + 2));
    }
}
