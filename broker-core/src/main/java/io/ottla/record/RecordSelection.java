package io.ottla.record;

import java.nio.ByteBuffer;

/** Says of each record of a batch whether it stays when the batch is compacted. */
@FunctionalInterface
public interface RecordSelection {
    /**
     * Whether the record stays.
     *
     * @param bytes where the key lies; valid during the call alone
     * @param keyAt index of the key in {@code bytes}
     * @param keyLength -1 where the record has no key
     * @param hasValue false for a tombstone
     */
    boolean keeps(long offset, ByteBuffer bytes, int keyAt, int keyLength, boolean hasValue);
}
