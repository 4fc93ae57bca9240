package io.ottla.console.clusters;

/**
 * How far a partition's log reaches; -1 stands for what is unknown.
 *
 * @param firstOffset first that is still there
 * @param endOffset the one that the next record gets
 * @param bytes what the largest of its replicas takes on disk
 */
public record Extent(long firstOffset, long endOffset, long bytes) {
    public static final Extent UNKNOWN = new Extent(-1, -1, -1);

    /** Offsets between both ends: at least as many as records, since compaction and transactions leave gaps. */
    public long offsets() {
        return firstOffset < 0 || endOffset < 0 ? -1 : Math.max(0, endOffset - firstOffset);
    }
}
