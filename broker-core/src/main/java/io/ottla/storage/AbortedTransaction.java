package io.ottla.storage;

/** A transaction that ended by abort: its producer and the offset of its first record in this partition. */
public record AbortedTransaction(long producerId, long firstOffset) {}
