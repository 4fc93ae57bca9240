package io.ottla.coordinator;

import java.nio.ByteBuffer;

/** How records of a kind of shard lie in the log. Thread-safe. */
public interface RecordFormat<R> {
    /** The record's key, position to limit. */
    ByteBuffer key(R record);

    /** The record's value, position to limit; null for a tombstone. */
    ByteBuffer value(R record);

    /** The group or transactional id that the record belongs to. */
    String subject(R record);

    /**
     * Reads a record.
     *
     * @param value null for a tombstone
     * @throws UnknownRecord where newer software wrote it
     * @throws RuntimeException where it is damaged
     */
    R read(ByteBuffer key, ByteBuffer value) throws UnknownRecord;

    /** A record of a type or version that this software does not know. */
    final class UnknownRecord extends Exception {
        private static final long serialVersionUID = 1;

        public UnknownRecord(String what) {
            super(what, null, false, false);
        }
    }
}
