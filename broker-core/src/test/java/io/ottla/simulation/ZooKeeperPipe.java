package io.ottla.simulation;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** One way between two that speak ZooKeeper's protocol: what is sent arrives in its order, some time later. */
final class ZooKeeperPipe {
    private final Later later;
    private final LongSupplier latencyNs;
    private final ArrayDeque<Runnable> underWay = new ArrayDeque<>();
    private long lastNs;
    private int due;
    private boolean stalled;
    private boolean cut;

    ZooKeeperPipe(Later later, LongSupplier latencyNs) {
        this.later = later;
        this.latencyNs = latencyNs;
    }

    void send(Runnable arrival) {
        if (cut) {
            return;
        }
        underWay.add(arrival);
        long now = later.nowNs();
        lastNs = Math.max(lastNs, now + latencyNs.getAsLong());
        later.after(lastNs - now, () -> {
            due++;
            flow();
        });
    }

    /** Nothing arrives until told otherwise; nothing is lost. */
    void stall(boolean now) {
        stalled = now;
        flow();
    }

    /**
     * What is sent from now on is lost, and what is under way but for the first ones.
     *
     * @param last arrives after those
     */
    void cut(int arriving, Runnable last) {
        while (underWay.size() > arriving) {
            underWay.pollLast();
        }
        send(last);
        cut = true;
    }

    /** Nothing arrives any more. */
    void cut() {
        underWay.clear();
        cut = true;
    }

    int underWay() {
        return underWay.size();
    }

    private void flow() {
        while (due > 0 && !stalled && !underWay.isEmpty()) {
            due--;
            underWay.poll().run();
        }
        if (underWay.isEmpty()) {
            due = 0;
        }
    }
}
