package io.ottla.replication;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a partition. Event loops wait for it, no longer than an append takes: it is never held over an fsync. A class
 * of its own, so that whoever watches event loops for calls that block can tell it from other locks.
 */
final class PartitionLock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    @Override
    public void lock() {
        super.lock();
    }
}
