package io.ottla.chaos.workload;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.HistoryWriter;
import io.ottla.chaos.history.LogName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The clock of a history, the numbers in it, and where it goes. */
public final class Recorder {
    private final HistoryWriter history;
    private final long beganNs = System.nanoTime();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong values = new AtomicLong();
    /** The newest value that was acknowledged of each log. */
    private final Map<LogName, Long> acknowledged = new ConcurrentHashMap<>();
    /** When a transaction was last committed of each transactional id. */
    private final Map<String, Long> committedUs = new ConcurrentHashMap<>();

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

    void acknowledged(LogName log, long value) {
        acknowledged.merge(log, value, Math::max);
    }

    void committed(String transactionalId) {
        committedUs.put(transactionalId, nowUs());
    }

    /** Those of these of which no transaction has been committed since then. */
    public List<String> uncommittedSince(long us, List<String> transactionalIds) {
        return transactionalIds.stream()
                .filter(id -> committedUs.getOrDefault(id, -1L) <= us)
                .toList();
    }

    /** The newest value that anybody may have sent; those that are sent from now on are greater. */
    public long newestValue() {
        return values.get();
    }

    /** Those of these logs to which nothing newer than a value has been acknowledged. */
    public List<LogName> silentSince(long value, List<LogName> logs) {
        return logs.stream()
                .filter(log -> acknowledged.getOrDefault(log, 0L) <= value)
                .toList();
    }

    void did(long client, long startUs, Action action) {
        history.add(new Event.Operation(client, startUs, nowUs(), action));
    }

    public void add(Event event) {
        history.add(event);
    }
}
