package io.ottla.storage;

import io.ottla.config.CleanerProperties;
import io.ottla.time.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Compacts all logs that ask for it, some at once, the one that needs it most first. Owns its threads' work; a
 * {@link CleanerThread} asks it what to do next. Thread-safe.
 */
final class LogCleaner {
    private static final double STEPS_A_SECOND = 10;
    private static final int LEAST_STEP_BYTES = 1 << 10;
    private static final int MOST_STEP_BYTES = 256 << 10;

    private final StorageEnvironment environment;
    private final Supplier<Collection<SegmentedLog>> logs;
    private final IoThrottle throttle;
    private final CleanerMeters meters;
    private final Object lock = new Object();
    private final List<CleanerThread> threads = new ArrayList<>();
    /** Logs that are being compacted, and what was to be said of each when it was chosen. */
    private final Map<LogCompaction, LogCompaction.Need> inProgress = new HashMap<>();
    /** Logs whose pass was given up, and when (monotonic) they may be tried again. */
    private final Map<LogCompaction, Long> resting = new HashMap<>();

    private volatile CleanerProperties properties;
    private boolean isStarted;
    private boolean isStopped;

    LogCleaner(CleanerProperties properties, StorageEnvironment environment, Supplier<Collection<SegmentedLog>> logs) {
        this.properties = properties;
        this.environment = environment;
        this.logs = logs;
        this.throttle = new IoThrottle(environment.clock());
        this.meters = new CleanerMeters(environment.metrics(), environment.clock());
    }

    /** Begins after the delay, unless it is switched off. */
    void start(List<FolderLogs> folders, long delayMs) {
        if (!properties.enable()) {
            return;
        }
        meters.threads(this::dead, this::lastPasses);
        for (FolderLogs each : folders) {
            meters.folder(each.folder().path(), () -> setAside(each).size(), () -> uncleanableBytes(each));
        }
        environment.timer().schedule(delayMs, () -> {
            synchronized (lock) {
                isStarted = true;
                resize();
            }
        });
    }

    /** Goes by other settings from now on; a pass that has begun keeps its memory. */
    void reconfigure(CleanerProperties changed) {
        synchronized (lock) {
            properties = changed;
            if (isStarted) {
                resize();
            }
        }
    }

    /** Has as many threads at work as there are to be; those too many end when they have nothing in hand. */
    private void resize() {
        if (isStopped) {
            return;
        }
        for (int i = 0; i < properties.threads(); i++) {
            if (i == threads.size()) {
                threads.add(new CleanerThread(i, this));
            }
            threads.get(i).wake();
        }
    }

    /** Ends all passes where they are, and begins no more. Completes when nothing is at work. */
    CompletableFuture<Void> stop() {
        List<CleanerThread> all;
        synchronized (lock) {
            isStopped = true;
            all = List.copyOf(threads);
        }
        return CompletableFuture.allOf(all.stream().map(CleanerThread::stop).toArray(CompletableFuture[]::new));
    }

    CleanerProperties properties() {
        return properties;
    }

    Executor executor() {
        return environment.threads().cleaning(Math.max(1, properties.threads()));
    }

    StorageEnvironment environment() {
        return environment;
    }

    Clock clock() {
        return environment.clock();
    }

    /** How many bytes to move before anybody asks whether to wait. */
    int stepBytes() {
        return (int) Math.clamp(properties.ioMaxBytesPerSecond() / STEPS_A_SECOND, LEAST_STEP_BYTES, MOST_STEP_BYTES);
    }

    /** Takes note of bytes that were moved. */
    void moved(long bytes) {
        throttle.moved(bytes);
    }

    /** How many milliseconds to wait before more are. */
    long waitMs() {
        return throttle.waitMs(properties.ioMaxBytesPerSecond());
    }

    /** Whether the thread of that number is to go on. */
    boolean wants(int number) {
        synchronized (lock) {
            return !isStopped && number < properties.threads();
        }
    }

    private record Candidate(LogCompaction log, LogCompaction.Need need) {
        /** What is overdue before all else, then what has most to gain. */
        boolean isBefore(Candidate other) {
            if (need.overdueMs() > 0 != other.need.overdueMs() > 0) {
                return need.overdueMs() > 0;
            }
            return need.stretch().dirtyRatio() > other.need.stretch().dirtyRatio();
        }
    }

    /** The log that is to be compacted next, which nobody else gets until {@link #release}; null where none is due. */
    LogCompaction choose() {
        while (true) {
            Candidate best = best();
            if (best == null) {
                return null;
            }
            synchronized (lock) {
                if (inProgress.putIfAbsent(best.log, best.need) == null) {
                    return best.log;
                }
            }
        }
    }

    private Candidate best() {
        long now = clock().monotonicMs();
        Candidate best = null;
        double mostDirty = 0;
        long mostOverdue = 0;
        for (LogCompaction.Need need : underWay()) {
            mostDirty = Math.max(mostDirty, need.stretch().dirtyRatio());
            mostOverdue = Math.max(mostOverdue, need.overdueMs());
        }
        for (SegmentedLog log : logs.get()) {
            Candidate candidate = look(log.compaction(), now);
            if (candidate == null) {
                continue;
            }
            mostDirty = Math.max(mostDirty, candidate.need.stretch().dirtyRatio());
            mostOverdue = Math.max(mostOverdue, candidate.need.overdueMs());
            if (candidate.need.isDue() && (best == null || candidate.isBefore(best))) {
                best = candidate;
            }
        }
        meters.looked(mostDirty, mostOverdue);
        return best;
    }

    /** What is being compacted is as dirty as it was until that is done. */
    private List<LogCompaction.Need> underWay() {
        synchronized (lock) {
            return List.copyOf(inProgress.values());
        }
    }

    private Candidate look(LogCompaction log, long now) {
        synchronized (lock) {
            if (!log.isWanted() || inProgress.containsKey(log) || resting.getOrDefault(log, now) > now) {
                return null;
            }
            resting.remove(log);
        }
        try {
            return new Candidate(log, log.look());
        } catch (CorruptSegmentException e) {
            log.setAside(e);
        } catch (IOException e) {
            log.failed(e);
        }
        return null;
    }

    /** Nobody compacts it any more; where its pass was given up, it is left alone for a while. */
    void release(LogCompaction log, boolean isGivenUp) {
        synchronized (lock) {
            inProgress.remove(log);
            resting.keySet().removeIf(one -> !one.isWanted());
            if (isGivenUp && log.isWanted()) {
                resting.put(log, clock().monotonicMs() + Math.max(1, properties.backoffMs()));
            }
        }
    }

    private long dead() {
        synchronized (lock) {
            return threads.stream().filter(CleanerThread::isDead).count();
        }
    }

    private Iterable<CleanerMeters.LastPass> lastPasses() {
        synchronized (lock) {
            return threads.stream().map(CleanerThread::lastPass).toList();
        }
    }

    private static List<LogCompaction> setAside(FolderLogs folder) {
        return folder.all().stream()
                .map(SegmentedLog::compaction)
                .filter(LogCompaction::isSetAside)
                .toList();
    }

    private static long uncleanableBytes(FolderLogs folder) {
        return setAside(folder).stream().mapToLong(LogCompaction::dirtyBytes).sum();
    }
}
