package io.ottla.storage;

import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.random.RandomGenerator;

/** Everything that storage takes from outside. The random generator must be thread-safe. */
public record StorageEnvironment(
        Disk disk, Clock clock, Timer timer, StorageThreads threads, RandomGenerator random, Metrics metrics) {}
