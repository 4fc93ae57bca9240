package io.ottla.replication;

/**
 * From where a follower fetches.
 *
 * @param endOffset the first offset that it does not have
 * @param lastEpoch of its last record; -1 where it has none, or one of a format without epochs
 * @param startOffset the first offset that it has
 */
record FollowerPosition(long endOffset, int lastEpoch, long startOffset) {
    /** Whether it has records and can't say of which epoch. */
    boolean isOfUnknownEpoch() {
        return lastEpoch < 0 && endOffset > startOffset;
    }
}
