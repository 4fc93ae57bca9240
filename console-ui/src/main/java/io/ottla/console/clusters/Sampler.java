package io.ottla.console.clusters;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps the last {@link Survey}, so that a large cluster never makes a page wait: a {@linkplain Freshness fresh} one is
 * handed out as it is; an older one is renewed, and handed out all the same when renewing takes long; and where there is
 * none, what is known by then. One renewal runs at a time, however many ask.
 *
 * <p>Thread-safe.
 */
final class Sampler {
    private final Supplier<Taking> take;
    private final InstantSource clock;
    private final SignOfLife life;
    private final Executor later;
    private final ReentrantLock lock = new ReentrantLock();
    private Survey last;
    private Duration fresh = Duration.ZERO;
    private Taking coming;
    /** Why the last renewal that ended failed; null where it did not. */
    private volatile Throwable trouble;

    /** Counts the changes, so that a survey begun before one is not kept after it. */
    private int era;

    /**
     * @param life waits when there is nothing to show instead
     * @param later runs what it is given when what is known may not be shown any more
     */
    Sampler(Supplier<Taking> take, InstantSource clock, SignOfLife life, Executor later) {
        this.take = take;
        this.clock = clock;
        this.life = life;
        this.later = later;
    }

    Sampler(Supplier<Taking> take, InstantSource clock, SignOfLife life) {
        this(take, clock, life, CompletableFuture.delayedExecutor(Freshness.STALE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** All of the cluster, and fresh, however long it takes. */
    Survey whole() throws InterruptedException, ExecutionException, TimeoutException {
        Taking newer;
        lock.lock();
        try {
            if (isFresh()) {
                return last;
            }
            newer = renewal();
        } finally {
            lock.unlock();
        }
        try {
            return newer.whole().get(Freshness.FIRST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException takesLong) {
            return worthWaiting(newer, Freshness.FIRST_PATIENCE);
        }
    }

    /** What there is to show now. */
    Survey glance() throws InterruptedException, ExecutionException, TimeoutException {
        Survey known;
        Taking newer;
        lock.lock();
        try {
            if (isFresh()) {
                return last;
            }
            known = last != null && age(last).compareTo(Freshness.STALE) <= 0 ? last : null;
            newer = renewal();
        } finally {
            lock.unlock();
        }
        boolean current = known != null && !known.coming();
        Duration patience = current ? Freshness.PATIENCE : Freshness.FIRST_PATIENCE;
        try {
            return newer.whole().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException takesLong) {
            Optional<Survey> instead = current || isLarge(known) ? Optional.of(known) : newer.soFar();
            return instead.isPresent() ? instead.get() : worthWaiting(newer, patience);
        }
    }

    /**
     * Waits on, as for any other answer. But a cluster that refused the last time, and answers nothing this time, holds up nobody:
     * why is told at once.
     */
    private Survey worthWaiting(Taking taking, Duration waited)
            throws InterruptedException, ExecutionException, TimeoutException {
        Throwable before = trouble;
        if (before != null && !SignOfLife.isSilence(before) && !taking.isAnswered()) {
            throw new ExecutionException(before);
        }
        return life.await(taking.whole(), waited);
    }

    private static boolean isLarge(Survey survey) {
        return survey != null && survey.topics().size() >= Taking.LARGE;
    }

    /** What is known has just been changed, and is no longer as good as new. */
    void outdate() {
        lock.lock();
        try {
            era++;
            last = last == null ? null : last.outdated();
            coming = null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh() {
        return last != null && !last.coming() && age(last).compareTo(fresh) <= 0;
    }

    private Taking renewal() {
        if (coming != null && !coming.whole().isDone()) {
            return coming;
        }
        int begun = era;
        Taking taking = take.get();
        coming = taking;
        taking.cluster().whenComplete((told, failure) -> life.hear(failure));
        taking.names().whenComplete((told, failure) -> life.hear(failure));
        taking.whole().whenComplete((survey, failure) -> {
            trouble = failure == null ? null : Failures.cause(failure);
            if (failure == null) {
                keep(survey, taking.begun(), begun);
            }
        });
        later.execute(this::expire);
        return taking;
    }

    private void keep(Survey survey, Instant begunAt, int begun) {
        lock.lock();
        try {
            if (begun == era) {
                last = survey;
                coming = null;
                fresh = Freshness.after(Duration.between(begunAt, survey.takenAt()));
            }
        } finally {
            lock.unlock();
        }
    }

    private void expire() {
        lock.lock();
        try {
            if (last != null && age(last).compareTo(Freshness.STALE) >= 0) {
                last = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration age(Survey survey) {
        return Duration.between(survey.takenAt(), clock.instant());
    }
}
