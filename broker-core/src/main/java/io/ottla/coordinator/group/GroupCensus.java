package io.ottla.coordinator.group;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many groups and offsets a shard keeps. Written on the shard's executor, read by any thread. */
final class GroupCensus {
    /** One for each state; the map itself never changes. */
    private final Map<ClassicState, AtomicInteger> classic = new EnumMap<>(ClassicState.class);

    private final AtomicInteger offsets = new AtomicInteger();

    GroupCensus() {
        for (ClassicState state : ClassicState.values()) {
            classic.put(state, new AtomicInteger());
        }
    }

    void added(ClassicState state) {
        classic.get(state).incrementAndGet();
    }

    void removed(ClassicState state) {
        classic.get(state).decrementAndGet();
    }

    void moved(ClassicState from, ClassicState to) {
        if (from != to) {
            removed(from);
            added(to);
        }
    }

    int classic(ClassicState state) {
        return classic.get(state).get();
    }

    void offsets(int change) {
        offsets.addAndGet(change);
    }

    int offsets() {
        return offsets.get();
    }
}
