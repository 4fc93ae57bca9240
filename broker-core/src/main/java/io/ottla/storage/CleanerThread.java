package io.ottla.storage;

import io.ottla.record.CorruptRecords;
import io.ottla.time.Timer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One after the other compacts the logs that {@link LogCleaner} gives it. It holds a thread while it works; while it rests,
 * or waits because it was fast enough, the timer brings it back. Thread-safe.
 */
final class CleanerThread {
    private static final Logger LOG = LoggerFactory.getLogger(CleanerThread.class);
    /** Then it looks whether it may be faster by now. */
    private static final long MOST_AT_ONCE_MS = 1_000;

    private static final long NOTHING_MORE = -1;

    private final int number;
    private final LogCleaner cleaner;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    /** Held by the one thread that works; guards what is not volatile. */
    private final ReentrantLock turn = new ReentrantLock();

    private Timer.Timeout rest = () -> false;
    private LogCompaction log;
    private LogCleaning cleaning;
    private long beganMs;
    private volatile boolean isStopping;
    private volatile boolean isDead;
    private volatile CleanerMeters.LastPass lastPass = CleanerMeters.LastPass.NONE;

    /** @param number from 0 */
    CleanerThread(int number, LogCleaner cleaner) {
        this.number = number;
        this.cleaner = cleaner;
    }

    /** Has it look for work, unless it works or rests. Cheap. */
    void wake() {
        if (!isDead && isScheduled.compareAndSet(false, true)) {
            handOver();
        }
    }

    /** Gives up what it has in hand. Completes when it has. */
    CompletableFuture<Void> stop() {
        isStopping = true;
        handOver();
        return ended;
    }

    private void handOver() {
        try {
            cleaner.executor().execute(this::run);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Cleaner thread {} ends with the pool", number);
            ended.complete(null);
        }
    }

    private void run() {
        turn.lock();
        try {
            if (ended.isDone()) {
                return;
            }
            rest.cancel();
            long waitMs = work();
            if (waitMs != NOTHING_MORE) {
                rest = cleaner.environment().timer().schedule(Math.max(1, waitMs), this::handOver);
                return;
            }
            if (isStopping) {
                ended.complete(null);
            }
            isScheduled.set(false);
            if (cleaner.wants(number)) {
                wake(); // asked for again meanwhile
            }
        } catch (Error e) {
            die(e);
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private void die(Error e) {
        isDead = true;
        LOG.error("Cleaner thread {} has ended, and compaction goes on with one less until the next start", number, e);
        end(true);
        ended.complete(null);
    }

    /** Works as long as it may; how long to wait before more, or {@link #NOTHING_MORE}. */
    private long work() {
        while (cleaner.wants(number) || cleaning != null && !isStopping) {
            if (cleaning == null && !begin()) {
                return cleaner.properties().backoffMs();
            }
            long waitMs = cleaner.waitMs();
            if (waitMs > 0) {
                return Math.min(waitMs, MOST_AT_ONCE_MS);
            }
            if (cleaning != null) {
                step();
            }
        }
        end(true);
        return NOTHING_MORE;
    }

    /** Begins a pass over the log that needs it most; false where none does. */
    private boolean begin() {
        log = cleaner.choose();
        if (log == null) {
            return false;
        }
        beganMs = cleaner.clock().monotonicMs();
        try {
            cleaning = log.begin(LogCleaning.Means.of(
                    cleaner.properties(), cleaner.environment().random()));
        } catch (CorruptSegmentException e) {
            log.setAside(e);
        } catch (IOException e) {
            log.failed(e);
        } catch (RuntimeException e) {
            log.setAside(e);
        }
        if (cleaning == null) {
            end(true);
        }
        return true;
    }

    private void step() {
        long before = cleaning.bytesMoved();
        LogCleaning.Progress progress = LogCleaning.Progress.GIVEN_UP;
        try {
            progress = cleaning.step(cleaner.stepBytes());
        } catch (CorruptSegmentException | CorruptRecords e) {
            log.setAside(e);
        } catch (IOException e) {
            log.failed(e);
        } catch (RuntimeException e) {
            log.setAside(e);
        }
        cleaner.moved(cleaning.bytesMoved() - before);
        if (progress != LogCleaning.Progress.GOING_ON) {
            tell(progress);
            end(progress == LogCleaning.Progress.GIVEN_UP);
        }
    }

    private void tell(LogCleaning.Progress progress) {
        long tookMs = cleaner.clock().monotonicMs() - beganMs;
        lastPass = new CleanerMeters.LastPass(
                cleaning.mapUtilization(), cleaning.bytesRead(), cleaning.bytesWritten(), tookMs);
        if (progress == LogCleaning.Progress.DONE) {
            LOG.info(
                    "Compacted {} up to offset {} in {} ms: {} bytes read, {} written",
                    log,
                    cleaning.end(),
                    tookMs,
                    cleaning.bytesRead(),
                    cleaning.bytesWritten());
        } else if (!cleaning.fullDisk().isEmpty()) {
            LOG.warn("Compaction of {} waits for room: {}", log, cleaning.fullDisk());
        } else {
            LOG.debug("Compaction of {} was given up", log);
        }
    }

    private void end(boolean isGivenUp) {
        LogCompaction one = log;
        LogCleaning pass = cleaning;
        log = null;
        cleaning = null;
        try {
            if (pass != null) {
                pass.close();
            }
        } catch (IOException e) {
            one.failed(e);
        } finally {
            if (one != null) {
                cleaner.release(one, isGivenUp);
            }
        }
    }

    boolean isDead() {
        return isDead;
    }

    CleanerMeters.LastPass lastPass() {
        return lastPass;
    }
}
