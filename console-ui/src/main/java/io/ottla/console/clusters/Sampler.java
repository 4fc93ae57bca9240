package io.ottla.console.clusters;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps the last {@link Survey}, so that a large cluster never makes a page wait: a young one is handed out as it is; an
 * older one is renewed, and handed out all the same when renewing takes long. One renewal runs at a time, however many
 * ask.
 *
 * <p>Thread-safe.
 */
final class Sampler {
    /** Up to this age a survey is as good as new. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Past this age a survey is not shown any more. */
    private static final Duration STALE = Duration.ofMinutes(2);

    /** How long a page waits for a newer survey when there is an older one. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final Supplier<CompletableFuture<Survey>> take;
    private final InstantSource clock;
    private final Duration limit;
    private final ReentrantLock lock = new ReentrantLock();
    private Survey last;
    private CompletableFuture<Survey> coming;

    /** Counts the changes, so that a survey begun before one is not kept after it. */
    private int era;

    /** @param limit how long to wait when there is nothing to show instead */
    Sampler(Supplier<CompletableFuture<Survey>> take, InstantSource clock, Duration limit) {
        this.take = take;
        this.clock = clock;
        this.limit = limit;
    }

    Survey get() throws InterruptedException, ExecutionException, TimeoutException {
        Survey known;
        CompletableFuture<Survey> newer;
        lock.lock();
        try {
            known = last;
            if (known != null && age(known).compareTo(FRESH) <= 0) {
                return known;
            }
            if (coming == null || coming.isDone()) {
                int begun = era;
                coming = take.get().thenApply(survey -> keep(survey, begun));
            }
            newer = coming;
        } finally {
            lock.unlock();
        }
        if (known == null || age(known).compareTo(STALE) > 0) {
            return newer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        try {
            return newer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException takesLong) {
            return known;
        }
    }

    /** Forgets what is known, since it has just been changed. */
    void forget() {
        lock.lock();
        try {
            era++;
            last = null;
            coming = null;
        } finally {
            lock.unlock();
        }
    }

    private Survey keep(Survey survey, int begun) {
        lock.lock();
        try {
            if (begun == era) {
                last = survey;
            }
        } finally {
            lock.unlock();
        }
        return survey;
    }

    private Duration age(Survey survey) {
        return Duration.between(survey.takenAt(), clock.instant());
    }
}
