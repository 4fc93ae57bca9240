package io.ottla.broker;

import java.util.random.RandomGenerator;

/** Makes a random generator safe for use by several threads. */
final class LockedRandom implements RandomGenerator {
    private final RandomGenerator random;

    LockedRandom(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public synchronized long nextLong() {
        return random.nextLong();
    }
}
