package io.ottla.console.clusters;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;

/**
 * Waits for answers of a cluster: long for those of one that has answered anything of late, and {@link
 * Freshness#SIGN_OF_LIFE} at most for one that has not. That a slow answer is not taken for none, such a cluster is asked something
 * small meanwhile, once for all who wait.
 *
 * <p>Thread-safe.
 */
final class SignOfLife {
    /** How long the small question is waited for, after the {@link Freshness#FIRST_PATIENCE} before it. */
    private static final Duration QUESTION = Freshness.SIGN_OF_LIFE.minus(Freshness.FIRST_PATIENCE);

    private final Duration limit;
    private final Supplier<? extends CompletableFuture<?>> ask;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Question last;
    /** When somebody of the cluster answered last; null where nobody has yet. */
    private volatile Instant heardAt;

    /** Since when, and for what. */
    private record Question(Instant askedAt, CompletableFuture<?> answer) {
        Duration left(Instant now) {
            return QUESTION.minus(Duration.between(askedAt, now));
        }
    }

    /**
     * @param limit how long an answer is waited for at most
     * @param ask asks something small, on a connection where it waits for nothing large
     */
    SignOfLife(Duration limit, Supplier<? extends CompletableFuture<?>> ask, InstantSource clock) {
        this.limit = limit;
        this.ask = ask;
        this.clock = clock;
    }

    /** Somebody of the cluster has answered, whatever it was. */
    private void hear() {
        heardAt = clock.instant();
    }

    /** The same, where an answer ended in this way. */
    void hear(Throwable failure) {
        if (failure == null || !isSilence(failure)) {
            hear();
        }
    }

    /**
     * Waits for an answer.
     *
     * @throws Silent where the cluster gives no sign of life
     * @throws TimeoutException where it does, and this answer does not come
     */
    <T> T await(CompletableFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return await(answer, Duration.ZERO);
    }

    /**
     * Waits on for an answer.
     *
     * @param waited how long whoever waits has done so already
     */
    <T> T await(CompletableFuture<T> answer, Duration waited)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            T told = answered(answer, waited);
            hear();
            return told;
        } catch (ExecutionException failed) {
            hear(failed);
            throw failed;
        }
    }

    private <T> T answered(CompletableFuture<T> answer, Duration waited)
            throws InterruptedException, ExecutionException, TimeoutException {
        Duration left = limit.minus(waited);
        Duration patience = Freshness.FIRST_PATIENCE.minus(waited);
        while (limit.compareTo(Freshness.SIGN_OF_LIFE) > 0 && left.isPositive() && !answer.isDone()) {
            Duration quiet = isAlive() ? Freshness.LATELY : isAskedInVain() ? Duration.ZERO : patience;
            if (quiet.isPositive()) {
                Duration wait = quiet.compareTo(left) < 0 ? quiet : left;
                try {
                    return answer.get(wait.toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException late) {
                    left = left.minus(wait);
                    patience = patience.minus(wait);
                }
            } else {
                Instant begun = clock.instant();
                awaitLifeOr(answer);
                left = left.minus(Duration.between(begun, clock.instant()));
            }
        }
        return answer.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Until it is here, or there is a sign of life. */
    private void awaitLifeOr(CompletableFuture<?> answer) throws InterruptedException, ExecutionException, Silent {
        Question open = question();
        try {
            CompletableFuture.anyOf(settled(answer), settled(open.answer()))
                    .get(Math.max(0, open.left(clock.instant()).toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            // Which one is meant is seen below.
        }
        if (!answer.isDone() && !isAlive()) {
            throw new Silent();
        }
    }

    /** Whether it has answered anything of late. */
    boolean isAlive() {
        Instant heard = heardAt;
        return heard != null && Duration.between(heard, clock.instant()).compareTo(Freshness.LATELY) <= 0;
    }

    /** Whether others have waited for a sign of life as long as anybody does. */
    private boolean isAskedInVain() {
        lock.lock();
        try {
            return last != null
                    && !last.answer().isDone()
                    && !last.left(clock.instant()).isPositive();
        } finally {
            lock.unlock();
        }
    }

    private Question question() {
        lock.lock();
        try {
            if (last == null || last.answer().isDone()) {
                // Heard first: whoever waits for it looks at that behind it.
                last = new Question(clock.instant(), ask.get().whenComplete((told, failure) -> hear(failure)));
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    private static CompletableFuture<Boolean> settled(CompletableFuture<?> answer) {
        return answer.handle((told, failure) -> true);
    }

    /** Whether it is the client that gave up waiting, also where it says what it could not even begin with for that. */
    static boolean isSilence(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        boolean around = cause instanceof KafkaException && !(cause instanceof ApiException);
        return (around ? cause.getCause() : cause) instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /** Nobody of the cluster has answered anything. */
    static final class Silent extends TimeoutException {
        Silent() {
            super("no answer within " + Freshness.SIGN_OF_LIFE);
        }
    }
}
