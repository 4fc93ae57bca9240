package io.ottla.replication;

import org.apache.kafka.common.protocol.Errors;

/**
 * Somebody who wants to know when an append is acknowledged by all. Links of a partition's queue run through it, so
 * that waiting costs no further object. Ends exactly once, outside the partition's lock.
 */
public abstract class AckWaiter {
    /** Guarded by the lock of the partition it waits on. */
    AckWaiter next;

    AckWaiter previous;
    boolean waiting;
    long offset;

    /** The wait is over: {@link Errors#NONE} where the high watermark has passed. Must not block. */
    protected abstract void ended(Errors how);

    /** Ends a chain that has been taken out of its queue. */
    static void endAll(AckWaiter first, Errors how) {
        AckWaiter waiter = first;
        while (waiter != null) {
            AckWaiter following = waiter.next;
            waiter.next = null;
            waiter.ended(how);
            waiter = following;
        }
    }
}
