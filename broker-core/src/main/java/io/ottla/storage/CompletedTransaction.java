package io.ottla.storage;

/** A transaction whose marker has been appended. */
record CompletedTransaction(long producerId, long firstOffset, long lastOffset, boolean aborted) {}
