package io.ottla.coordinator.group;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How many groups and offsets a shard keeps. Written on the shard's executor, read by any thread. */
final class GroupCensus {
    private final AtomicIntegerArray classic = new AtomicIntegerArray(ClassicState.values().length);
    private final AtomicInteger offsets = new AtomicInteger();

    void added(ClassicState state) {
        classic.incrementAndGet(state.ordinal());
    }

    void removed(ClassicState state) {
        classic.decrementAndGet(state.ordinal());
    }

    void moved(ClassicState from, ClassicState to) {
        if (from != to) {
            removed(from);
            added(to);
        }
    }

    int classic(ClassicState state) {
        return classic.get(state.ordinal());
    }

    void offsets(int change) {
        offsets.addAndGet(change);
    }

    int offsets() {
        return offsets.get();
    }
}
