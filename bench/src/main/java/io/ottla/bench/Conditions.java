package io.ottla.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what a cluster comes to. */
final class Conditions {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long BETWEEN_LOOKS_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private Conditions() {}

    /** @param condition asked again and again; failing to ask counts as not yet */
    static void await(String what, Callable<Boolean> condition) throws InterruptedException {
        long untilNs = System.nanoTime() + LONG.toNanos();
        Exception last = null;
        while (System.nanoTime() < untilNs) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (ExecutionException notYet) {
                last = notYet;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
        }
        throw new IllegalStateException("Expected " + what + " within " + LONG + ", but waited in vain", last);
    }
}
