package io.ottla.replication;

/** Up to where a reader sees a partition's log. */
public enum ReadLimit {
    /** Committed records: a consumer's {@code read_uncommitted}. */
    HIGH_WATERMARK,
    /** Committed records before the first open transaction: a consumer's {@code read_committed}. */
    LAST_STABLE,
    /** Everything: a follower. */
    LOG_END
}
