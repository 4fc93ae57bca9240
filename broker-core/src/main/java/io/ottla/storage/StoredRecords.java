package io.ottla.storage;

import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * The records of a fetch answer that still lie in the log's files: what a handler puts into {@code PartitionData} and the
 * network turns into sendfile or bytes. Owns its slices: whoever takes it over sends or discards it, once.
 */
public final class StoredRecords implements BaseRecords {
    private final List<FileSlice> slices;
    private final int bytes;

    /** @param bytes of all slices */
    public StoredRecords(List<FileSlice> slices, int bytes) {
        this.slices = slices;
        this.bytes = bytes;
    }

    public List<FileSlice> slices() {
        return slices;
    }

    @Override
    public int sizeInBytes() {
        return bytes;
    }

    /** Gives all slices back unsent. */
    public void discard() {
        for (int i = 0; i < slices.size(); i++) {
            slices.get(i).release();
        }
    }

    /** Kafka's own way to send; not ours. */
    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new UnsupportedOperationException("Expected the network room to send stored records");
    }
}
