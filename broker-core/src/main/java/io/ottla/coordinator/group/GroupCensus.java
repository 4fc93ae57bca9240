package io.ottla.coordinator.group;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** How many groups and offsets a shard keeps. Written on the shard's executor, read by any thread. */
final class GroupCensus {
    /** One for each state; the map itself never changes. */
    private final Map<ClassicState, AtomicInteger> classic = new EnumMap<>(ClassicState.class);

    /** As above. */
    private final Map<ConsumerState, AtomicInteger> consumer = new EnumMap<>(ConsumerState.class);

    private final AtomicInteger offsets = new AtomicInteger();

    GroupCensus() {
        for (ClassicState state : ClassicState.values()) {
            classic.put(state, new AtomicInteger());
        }
        for (ConsumerState state : ConsumerState.values()) {
            consumer.put(state, new AtomicInteger());
        }
    }

    void added(Group group) {
        of(group).incrementAndGet();
    }

    void removed(Group group) {
        of(group).decrementAndGet();
    }

    private AtomicInteger of(Group group) {
        return switch (group) {
            case ClassicGroup one -> classic.get(one.state());
            case ConsumerGroup one -> consumer.get(one.state().state());
        };
    }

    void moved(ClassicState from, ClassicState to) {
        if (from != to) {
            classic.get(from).decrementAndGet();
            classic.get(to).incrementAndGet();
        }
    }

    void moved(ConsumerState from, ConsumerState to) {
        if (from != to) {
            consumer.get(from).decrementAndGet();
            consumer.get(to).incrementAndGet();
        }
    }

    int consumer(ConsumerState state) {
        return consumer.get(state).get();
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
