package io.ottla.network;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests may be in memory at a time. Those who find it used up wait in the order they came, and
 * nobody passes them: a large request is not starved by small ones. One request is let through however large it is.
 * Thread-safe; free of locks while nobody waits.
 */
final class MemoryBudget {
    /** Somebody who wants bytes. Told on any thread, once, that it has them. */
    interface Claimant {
        void granted(long bytes);
    }

    private static final class Claim {
        private final Claimant claimant;
        private final long bytes;

        Claim(Claimant claimant, long bytes) {
            this.claimant = claimant;
            this.bytes = bytes;
        }
    }

    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final Object lock = new Object();
    private final ArrayDeque<Claim> claims = new ArrayDeque<>();
    private volatile int waiting;

    /** @param limit more than 0 */
    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Takes the bytes and returns true, or returns false and tells the claimant when it has them. */
    boolean reserve(Claimant claimant, long bytes) {
        if (waiting == 0 && tryTake(bytes)) {
            return true;
        }
        synchronized (lock) {
            if (claims.isEmpty() && tryTake(bytes)) {
                return true;
            }
            claims.add(new Claim(claimant, bytes));
            waiting = claims.size();
        }
        // What was given back meanwhile saw nobody waiting.
        grant();
        return false;
    }

    /** Gives bytes back; 0 is nothing. */
    void release(long bytes) {
        if (bytes == 0) {
            return;
        }
        used.addAndGet(-bytes);
        if (waiting > 0) {
            grant();
        }
    }

    /** Takes a claim back. Returns false where it was granted already, or is being so: the claimant hears of it. */
    boolean withdraw(Claimant claimant) {
        boolean withdrawn;
        synchronized (lock) {
            withdrawn = claims.removeIf(claim -> claim.claimant.equals(claimant));
            waiting = claims.size();
        }
        // It may have been in front of others who want less.
        grant();
        return withdrawn;
    }

    long used() {
        return used.get();
    }

    long limit() {
        return limit;
    }

    /** How many wait. */
    int waiting() {
        return waiting;
    }

    private void grant() {
        while (true) {
            Claim next;
            synchronized (lock) {
                next = claims.peek();
                if (next == null || !tryTake(next.bytes)) {
                    return;
                }
                claims.poll();
                waiting = claims.size();
            }
            next.claimant.granted(next.bytes);
        }
    }

    private boolean tryTake(long bytes) {
        while (true) {
            long now = used.get();
            if (now > 0 && now + bytes > limit) {
                return false;
            }
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
        }
    }
}
