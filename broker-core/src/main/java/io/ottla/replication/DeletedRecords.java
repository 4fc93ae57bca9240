package io.ottla.replication;

import io.ottla.types.Failure;

/** How a deletion of records went. */
public sealed interface DeletedRecords {
    /** @param lowWatermark the first offset that is left */
    record Deleted(long lowWatermark) implements DeletedRecords {}

    record Refused(Failure failure) implements DeletedRecords {}
}
