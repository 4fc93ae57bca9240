package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.history.LogName;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Deals out kinds of faults: all of those chosen before any comes again, each time in another order. */
public final class Nemesis {
    /** A fault that is in effect. */
    public record Active(FaultKind kind, long startUs, String target, Heal heal) {}

    /** Takes it back, and says how it was seen. */
    @FunctionalInterface
    public interface Heal {
        String heal() throws IOException, InterruptedException;
    }

    private final List<FaultKind> kinds;
    private final Random random;
    private final Deque<FaultKind> deck = new ArrayDeque<>();

    public Nemesis(List<FaultKind> kinds, long seed) {
        this.kinds = List.copyOf(kinds);
        this.random = new Random(seed);
    }

    public FaultKind next() {
        if (deck.isEmpty()) {
            List<FaultKind> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            deck.addAll(shuffled);
        }
        return deck.remove();
    }

    /** How long something lasts, around a mean. */
    public long durationMs(long meanMs) {
        return meanMs / 4 + (long) (random.nextDouble() * meanMs * 3 / 2);
    }

    /** Takes back what outlives the processes, where a run is broken off in the midst of a fault. */
    public static void leave(Cluster cluster) throws InterruptedException {
        DiskReadOnly.giveBackAll(cluster);
    }

    /** @param logs which are under test */
    public Active strike(FaultKind kind, Cluster cluster, List<LogName> logs, long startUs)
            throws IOException, InterruptedException {
        Fault.Struck struck = kind.fault().strike(new Scene(cluster, logs, random));
        return new Active(kind, startUs, struck.target(), struck::heal);
    }
}
