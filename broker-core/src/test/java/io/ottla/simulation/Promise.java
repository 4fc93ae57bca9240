package io.ottla.simulation;

/**
 * What a producer may rely on, by how it sends.
 *
 * @param once no record is there twice
 * @param inOrder records of one partition are there in the order they were sent
 * @param durable what is acknowledged stays
 */
record Promise(boolean once, boolean inOrder, boolean durable) {
    static final Promise IDEMPOTENT = new Promise(true, true, true);
    /** acks=all, several in flight, retried without sequence numbers. */
    static final Promise AT_LEAST_ONCE = new Promise(false, false, true);
    /** acks=0 or 1. */
    static final Promise NONE = new Promise(false, false, false);
}
