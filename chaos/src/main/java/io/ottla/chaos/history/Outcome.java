package io.ottla.chaos.history;

/** What became of a send or a transaction, as far as its client can know. */
public enum Outcome {
    /** Acknowledged, or committed. */
    DONE,
    /** It was surely not, and never will be. */
    REFUSED,
    /** It may have been, or may be yet. */
    UNKNOWN
}
