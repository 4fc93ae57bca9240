package io.ottla.storage;

import io.ottla.types.LeaderEpoch;

/** An epoch and the offset at which it ends (exclusive); {@link #UNKNOWN} where the log knows no such epoch. */
public record EpochEnd(LeaderEpoch epoch, long endOffset) {
    public static final EpochEnd UNKNOWN = new EpochEnd(LeaderEpoch.NONE, -1);
}
