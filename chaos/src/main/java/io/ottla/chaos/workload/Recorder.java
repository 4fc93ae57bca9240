package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.HistoryWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of a history, the numbers in it, and where it goes. */
public final class Recorder {
    private final HistoryWriter history;
    private final long beganNs = System.nanoTime();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong values = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();

    public Recorder(HistoryWriter history) {
        this.history = history;
    }

    public long nowUs() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - beganNs);
    }

    long newClient() {
        return clients.incrementAndGet();
    }

    long newValue() {
        return values.incrementAndGet();
    }

    void acknowledged() {
        acknowledged.incrementAndGet();
    }

    /** How many sends were acknowledged so far. */
    public long acknowledgements() {
        return acknowledged.get();
    }

    void did(long client, long startUs, Action action) {
        history.add(new Event.Operation(client, startUs, nowUs(), action));
    }

    public void add(Event event) {
        history.add(event);
    }
}
