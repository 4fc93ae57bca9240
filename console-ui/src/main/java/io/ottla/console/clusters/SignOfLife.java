package io.ottla.console.clusters;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

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
    private final ReentrantLock lock = new ReentrantLock();
    private Question last;
    private volatile long heardAt;
    private volatile boolean heard;

    /** Since when, and for what. */
    private record Question(long askedAt, CompletableFuture<?> answer) {
        long nanosLeft() {
            return QUESTION.toNanos() - (System.nanoTime() - askedAt);
        }
    }

    /**
     * @param limit how long an answer is waited for at most
     * @param ask asks something small, on a connection where it waits for nothing large
     */
    SignOfLife(Duration limit, Supplier<? extends CompletableFuture<?>> ask) {
        this.limit = limit;
        this.ask = ask;
    }

    /** Somebody of the cluster has answered, whatever it was. */
    void hear() {
        heardAt = System.nanoTime();
        heard = true;
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
        try {
            T told = await(answer, System.nanoTime());
            hear();
            return told;
        } catch (ExecutionException failed) {
            hear(failed);
            throw failed;
        }
    }

    private <T> T await(CompletableFuture<T> answer, long begun)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!isAlive() && limit.compareTo(Freshness.SIGN_OF_LIFE) > 0 && !answer.isDone()) {
            Question open = unanswered();
            if (open == null || open.nanosLeft() > 0) {
                try {
                    return answer.get(Freshness.FIRST_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException late) {
                    open = question();
                }
            }
            try {
                CompletableFuture.anyOf(settled(answer), settled(open.answer()))
                        .get(Math.max(0, open.nanosLeft()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException late) {
                if (!answer.isDone() && !isAlive()) {
                    throw new Silent(late);
                }
            }
        }
        return answer.get(limit.toNanos() - (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
    }

    /** Whether it has answered anything of late. */
    boolean isAlive() {
        return heard && System.nanoTime() - heardAt <= Freshness.LATELY.toNanos();
    }

    private Question unanswered() {
        lock.lock();
        try {
            return last == null || last.answer().isDone() ? null : last;
        } finally {
            lock.unlock();
        }
    }

    private Question question() {
        lock.lock();
        try {
            if (last == null || last.answer().isDone()) {
                CompletableFuture<?> asked = ask.get();
                asked.whenComplete((told, failure) -> hear(failure));
                last = new Question(System.nanoTime(), asked);
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    private static CompletableFuture<Boolean> settled(CompletableFuture<?> answer) {
        return answer.handle((told, failure) -> true);
    }

    /** Whether it is the client that gave up waiting. */
    static boolean isSilence(Throwable failure) {
        return Failures.cause(failure) instanceof org.apache.kafka.common.errors.TimeoutException;
    }

    /** Nobody of the cluster has answered anything. */
    static final class Silent extends TimeoutException {
        Silent(Throwable cause) {
            super("no answer within " + Freshness.SIGN_OF_LIFE);
            initCause(cause);
        }
    }
}
