package io.ottla.replication;

import io.ottla.storage.EpochEnd;
import io.ottla.types.Failure;

/** What OffsetForLeaderEpoch finds; {@link EpochEnd#UNKNOWN} where the log knows no such epoch. */
public sealed interface FoundEpoch {
    record Found(EpochEnd end) implements FoundEpoch {}

    record Refused(Failure failure) implements FoundEpoch {}
}
