package io.ottla.console.lag;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works in a thread of its own from the first look on until nobody has looked for a while, and forgets then. Thread-safe. */
final class LookedAt implements LagWatch {
    /** So long nobody looks until what is known is forgotten. */
    static final Duration IDLE = Duration.ofMinutes(15);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(LookedAt.class);

    private final WatchWork work;
    private final InstantSource clock;
    private final Duration retain;
    private final LagHistory history;
    private final ReentrantLock lock = new ReentrantLock();
    private final Ending ending = new Ending();
    private Thread thread;
    private volatile CountDownLatch loading = new CountDownLatch(1);
    private volatile Instant lastLook = Instant.EPOCH;

    LookedAt(WatchWork work, InstantSource clock, Duration retain) {
        this.work = work;
        this.clock = clock;
        this.retain = retain;
        this.history = new LagHistory(retain);
    }

    @Override
    public Source source() {
        return work.source();
    }

    @Override
    public LagHistory look() {
        try {
            if (!begin().await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("The history of lag is still being read");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return history;
    }

    @Override
    public LagHistory known() {
        begin();
        return history;
    }

    /** Counted down when what is known is read. */
    private CountDownLatch begin() {
        lock.lock();
        try {
            lastLook = clock.instant();
            if (thread == null && ending.isThere()) {
                loading = new CountDownLatch(1);
                thread = Thread.ofVirtual().name("console-lag-watch").start(this::run);
            }
            return loading;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            work.run(history, new Looks(), () -> loading.countDown());
        } catch (InterruptedException ended) {
            log.debug("Nobody looks at lag any more");
        } catch (RuntimeException unexpected) {
            log.warn("The history of lag can't be read; the next look tries again", unexpected);
        } finally {
            lock.lock();
            try {
                history.clear();
                loading.countDown();
                thread = null;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Until nobody has looked for a while. */
    private final class Looks implements Attention {
        @Override
        public boolean isThere() {
            return ending.isThere()
                    && Duration.between(lastLook, clock.instant()).compareTo(IDLE) < 0;
        }

        @Override
        public boolean isThereAfter(Duration pause) throws InterruptedException {
            return ending.isThereAfter(pause) && isThere();
        }
    }

    @Override
    public boolean isLoading() {
        return loading.getCount() > 0;
    }

    @Override
    public Duration retain() {
        return retain;
    }

    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            ending.end();
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null) {
            running.interrupt();
            try {
                running.join(PATIENCE);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
