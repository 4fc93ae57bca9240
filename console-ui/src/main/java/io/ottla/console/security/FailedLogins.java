package io.ottla.console.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts failed logins by address: after ten within a minute an address has to wait until that minute is over. A fixed
 * number of addresses is remembered; past it the one that was seen longest ago is forgotten.
 *
 * <p>Thread-safe.
 */
final class FailedLogins {
    static final int ALLOWED = 10;
    static final Duration WINDOW = Duration.ofMinutes(1);
    static final int ADDRESSES = 10_000;

    private record Failures(Instant since, int count) {}

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > ADDRESSES;
        }
    };

    FailedLogins(InstantSource clock) {
        this.clock = clock;
    }

    /** How long the address has to wait before it may try again; zero when it may now. */
    Duration wait(String address) {
        lock.lock();
        try {
            Failures failures = current(address);
            return failures.count() < ALLOWED
                    ? Duration.ZERO
                    : Duration.between(clock.instant(), failures.since().plus(WINDOW));
        } finally {
            lock.unlock();
        }
    }

    void failed(String address) {
        lock.lock();
        try {
            Failures failures = current(address);
            byAddress.put(address, new Failures(failures.since(), failures.count() + 1));
        } finally {
            lock.unlock();
        }
    }

    void succeeded(String address) {
        lock.lock();
        try {
            byAddress.remove(address);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return byAddress.size();
        } finally {
            lock.unlock();
        }
    }

    private Failures current(String address) {
        Instant now = clock.instant();
        Failures failures = byAddress.get(address);
        return failures == null || !now.isBefore(failures.since().plus(WINDOW)) ? new Failures(now, 0) : failures;
    }
}
