package io.ottla.chaos.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what a cluster comes to. */
public final class Conditions {
    private static final long BETWEEN_LOOKS_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private Conditions() {}

    /** Something to ask; that it fails counts as no. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** @return whether it came to hold within that time */
    public static boolean await(Duration patience, Condition condition) throws InterruptedException {
        long untilNs = System.nanoTime() + patience.toNanos();
        while (true) {
            if (holds(condition)) {
                return true;
            }
            if (System.nanoTime() - untilNs > 0) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception notYet) {
            return false;
        }
    }
}
