package io.ottla.storage;

import io.ottla.types.Failure;

/** What came of asking whether a log belongs to a producer's transaction. */
public sealed interface Verification permits VerifiedTransaction, Verification.Refused {
    /** It does not, or that could not be found out. */
    record Refused(Failure failure) implements Verification {}
}
