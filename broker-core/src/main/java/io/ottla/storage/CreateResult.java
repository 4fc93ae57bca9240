package io.ottla.storage;

import io.ottla.types.Failure;

/** How the creation of a log went. */
public sealed interface CreateResult {
    /** It is there, new or from before. */
    record Created(PartitionLog log) implements CreateResult {}

    /** It is not there: the disk failed, or all folders are offline. */
    record Refused(Failure failure) implements CreateResult {}
}
