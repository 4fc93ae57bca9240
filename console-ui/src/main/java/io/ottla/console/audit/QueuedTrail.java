package io.ottla.console.audit;

import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.AuditTrail;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Writes each entry to the log at once, and to a sink behind a bounded queue: no change ever waits for it. What the sink does not
 * take is tried again until it does; what finds the queue full is in the log alone, and counted there.
 *
 * <p>Thread-safe.
 */
final class QueuedTrail implements AuditTrail, SmartLifecycle {
    static final int MOST = 1_000;

    private static final Logger log = LoggerFactory.getLogger(QueuedTrail.class);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final AuditTrail logged;
    private final AuditSink sink;
    private final Duration pause;
    private final BlockingQueue<AuditEntry> queue = new ArrayBlockingQueue<>(MOST);
    private final AtomicLong lost = new AtomicLong();
    private volatile Thread writer;
    private volatile boolean stopping;

    /** @param pause before the sink is tried again */
    QueuedTrail(AuditTrail logged, AuditSink sink, Duration pause) {
        this.logged = logged;
        this.sink = sink;
        this.pause = pause;
    }

    @Override
    public void record(AuditEntry entry) {
        logged.record(entry);
        if (!queue.offer(entry) && lost.getAndIncrement() == 0) {
            log.warn("The topic of the trail is {} entries behind; further ones are in this log alone", MOST);
        }
    }

    /** Entries that no sink was given. */
    long lost() {
        return lost.get();
    }

    @Override
    public void start() {
        stopping = false;
        writer = Thread.ofVirtual().name("ottla-audit").start(this::run);
    }

    private void run() {
        try (sink) {
            while (!stopping || !queue.isEmpty()) {
                AuditEntry next = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    sink.close();
                } else {
                    write(next);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(AuditEntry entry) throws InterruptedException {
        byte[] record = AuditRecord.of(entry).bytes();
        boolean told = false;
        while (true) {
            try {
                sink.write(record);
                long missing = lost.getAndSet(0);
                if (missing > 0) {
                    log.warn("The topic of the trail lacks {} entries, which this log has", missing);
                }
                return;
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception failure) {
                if (!told) {
                    log.warn("The trail can't be written to its topic, and is tried again: {}", failure.toString());
                    told = true;
                }
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
        }
    }

    /** Waits a moment for what is left. */
    @Override
    public void stop() {
        Thread running = writer;
        writer = null;
        if (running == null) {
            return;
        }
        stopping = true;
        try {
            if (queue.isEmpty() || !running.join(FAREWELL)) {
                running.interrupt();
                running.join(FAREWELL);
            }
        } catch (InterruptedException hurried) {
            running.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return writer != null;
    }

    /** After the web server at the end, and before the broker. */
    @Override
    public int getPhase() {
        return 0;
    }
}
