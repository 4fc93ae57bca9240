package io.ottla.concurrent;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that event loops wait for: held no longer than an append takes, and never over an fsync (a partition's, and a log's
 * own). A class of its own, so that whoever watches event loops for calls that block can tell it from other locks.
 */
public final class BriefLock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    @Override
    public void lock() {
        super.lock();
    }
}
