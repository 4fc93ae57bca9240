package io.ottla.storage;

/** Whose records an append carries; it decides which checks of producer state apply. */
public enum AppendOrigin {
    /** A client's: epoch and sequence are checked. */
    CLIENT,
    /** A coordinator's own records: sequences are not checked. */
    COORDINATOR
}
