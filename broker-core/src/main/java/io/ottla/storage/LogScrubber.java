package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Timer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all logs of a folder again and again, slowly, and tells of those that are no longer as they were written: a bit that
 * turned on the disk is found before it is needed, and before its replica leads for long. It runs on the folder's background
 * threads, a little at a time; between, the timer brings it back. Thread-safe.
 */
final class LogScrubber {
    private static final Logger LOG = LoggerFactory.getLogger(LogScrubber.class);
    private static final int STEPS_A_SECOND = 10;
    private static final int LEAST_STEP_BYTES = 1 << 10;
    private static final int MOST_STEP_BYTES = 1 << 20;
    /** So often it looks whether its settings changed, and tells again of damage that nobody could mend. */
    private static final long REST_MS = 10_000;

    private final DiskFolder folder;
    private final Supplier<List<SegmentedLog>> logs;
    private final Supplier<LogProperties> settings;
    private final RandomGenerator random;
    private final IoThrottle throttle;
    private final DamagedLogs damaged = new DamagedLogs();
    private final Deque<SegmentedLog> ahead = new ArrayDeque<>();
    /** Looked at before the others; the only part that is changed without the monitor. */
    private final Set<SegmentedLog> urgent = ConcurrentHashMap.newKeySet();

    private final Counter bytesRead;
    private final Counter passes;

    private Timer.Timeout next = () -> false;
    private boolean isUnderWay;
    private long endedMs = Long.MIN_VALUE;
    private long toldMs;
    private SegmentedLog log;
    private LogCheck check;
    private boolean isStopped;

    /**
     * @param logs those of the folder now
     * @param settings as they are now
     */
    LogScrubber(
            DiskFolder folder,
            Supplier<List<SegmentedLog>> logs,
            Supplier<LogProperties> settings,
            RandomGenerator random,
            Metrics metrics) {
        this.folder = folder;
        this.logs = logs;
        this.settings = settings;
        this.random = random;
        this.throttle = new IoThrottle(folder.clock());
        Labels labels = Labels.of("logDirectory", folder.path().toString());
        this.bytesRead = metrics.counter(
                "ottla_log_scrub_bytes_total", "Bytes of logs read to see that they are as written", labels);
        this.passes = metrics.counter("ottla_log_scrub_passes_total", "How often all logs were read through", labels);
        metrics.gauge(
                "ottla_log_scrub_damaged_partitions",
                "Partitions whose log was found not to be as it was written since the start, and is not mended",
                labels,
                damaged::count);
    }

    /** Begins after the delay. */
    void start(long delayMs) {
        schedule(delayMs);
    }

    /** Looks at that log before others. Does not wait for what is being read. */
    void lookSoonAt(SegmentedLog which) {
        urgent.add(which);
    }

    /** Ends where it is. Waits for the little that is being read. */
    synchronized void stop() {
        isStopped = true;
        next.cancel();
        endCheck();
    }

    private synchronized void schedule(long delayMs) {
        if (!isStopped) {
            next = folder.timer().schedule(Math.max(1, delayMs), this::handOver);
        }
    }

    private void handOver() {
        try {
            folder.background().execute(this::run);
        } catch (RejectedExecutionException full) {
            schedule(REST_MS);
        }
    }

    private synchronized void run() {
        if (isStopped || !folder.isOnline()) {
            endCheck();
            return;
        }
        LogProperties now = settings.get();
        try {
            tellAgain();
            schedule(now.scrubIntervalMs() < 0 ? giveUp() : work(now));
        } catch (RuntimeException e) {
            LOG.error("Looking through {} failed; it goes on with the next log", log, e);
            endCheck();
            schedule(REST_MS);
        }
    }

    /** It was switched off. */
    private long giveUp() {
        endCheck();
        ahead.clear();
        urgent.clear();
        isUnderWay = false;
        return REST_MS;
    }

    /** Goes on by a step; returns how long to wait before the next. */
    private long work(LogProperties now) {
        double rate = (double) now.scrubIoMaxBytesPerSecond();
        long waitMs = throttle.waitMs(rate);
        if (waitMs > 0) {
            return Math.min(waitMs, REST_MS);
        }
        if (!isUnderWay && urgent.isEmpty()) {
            long restMs = endedMs == Long.MIN_VALUE
                    ? 0
                    : now.scrubIntervalMs() - (folder.clock().monotonicMs() - endedMs);
            if (restMs > 0) {
                return Math.min(restMs, REST_MS);
            }
            begin();
        }
        int aboutBytes = Math.clamp(now.scrubIoMaxBytesPerSecond() / STEPS_A_SECOND, LEAST_STEP_BYTES, MOST_STEP_BYTES);
        long read = 0;
        while (read < aboutBytes) {
            if (check == null && !beginLog()) {
                endPass();
                break;
            }
            long before = check.bytesRead();
            boolean more = check.step(aboutBytes);
            read += check.bytesRead() - before;
            if (!more) {
                endLog();
            }
        }
        bytesRead.add(read);
        throttle.moved(read);
        return throttle.waitMs(rate);
    }

    /** In another order each time, so that a broker that is often restarted comes to all of them. */
    private void begin() {
        List<SegmentedLog> all = new ArrayList<>(logs.get());
        Collections.shuffle(all, java.util.Random.from(random));
        ahead.addAll(all);
        isUnderWay = true;
    }

    private void endPass() {
        if (isUnderWay) {
            passes.increment();
            isUnderWay = false;
            endedMs = folder.clock().monotonicMs();
        }
    }

    private boolean beginLog() {
        Iterator<SegmentedLog> before = urgent.iterator();
        if (before.hasNext()) {
            log = before.next();
            urgent.remove(log);
        } else {
            log = ahead.poll();
        }
        if (log == null) {
            return false;
        }
        check = log.check();
        return true;
    }

    private void endLog() {
        LogCheck done = check;
        SegmentedLog which = log;
        endCheck();
        damaged.note(which, done);
    }

    private void endCheck() {
        LogCheck open = check;
        check = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.warn("Could not close a file of {}", log, e);
        }
    }

    private void tellAgain() {
        long now = folder.clock().monotonicMs();
        if (now - toldMs >= REST_MS) {
            toldMs = now;
            damaged.tellAgain();
        }
    }
}
