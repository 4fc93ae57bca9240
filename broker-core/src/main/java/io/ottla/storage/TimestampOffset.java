package io.ottla.storage;

import io.ottla.types.LeaderEpoch;

/** A record's place: timestamp in milliseconds, offset, and the epoch it was written in. */
public record TimestampOffset(long timestamp, long offset, LeaderEpoch epoch) {
    /** No record qualifies. */
    public static final TimestampOffset NONE = new TimestampOffset(-1, -1, LeaderEpoch.NONE);
}
