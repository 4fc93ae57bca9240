package io.ottla.broker;

import io.ottla.concurrent.BoundedPool;
import io.ottla.concurrent.SerialExecutor;
import io.ottla.concurrent.Threads;
import io.ottla.storage.StoragePools;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import java.util.concurrent.Executor;

/**
 * The broker's threads, but for the event loops. What decides (session, election, controller, metadata) runs in orders of
 * its own on a few shared threads and never blocks; what blocks has pools.
 */
final class BrokerThreads implements AutoCloseable {
    private static final int CONTROL_THREADS = 4;
    private static final int CONTROL_QUEUE = 100_000;
    private static final int WORKER_QUEUE = 10_000;
    private static final int BACKGROUND_THREADS_PER_FOLDER = 4;
    private static final int COLD_READ_THREADS = 8;

    private final TimerWheel timer;
    private final BoundedPool control = new BoundedPool("ottla-control", CONTROL_THREADS, CONTROL_QUEUE);
    private final BoundedPool workers;
    private final StoragePools storage = new StoragePools(BACKGROUND_THREADS_PER_FOLDER, COLD_READ_THREADS);
    private final Executor session = new SerialExecutor(control);
    private final Executor registration = new SerialExecutor(control);
    private final Executor controller = new SerialExecutor(control);
    private final Executor metadata = new SerialExecutor(control);
    private final Executor producerIds = new SerialExecutor(control);

    /** @param workerThreads for what must leave an event loop: large decompression, recompression, deletion of records */
    BrokerThreads(Clock clock, int workerThreads) {
        timer = new TimerWheel(clock, Threads.single("ottla-timer"));
        workers = new BoundedPool("ottla-worker", workerThreads, WORKER_QUEUE);
    }

    TimerWheel timer() {
        return timer;
    }

    StoragePools storage() {
        return storage;
    }

    Executor workers() {
        return workers;
    }

    /** Any order. */
    Executor control() {
        return control;
    }

    Executor session() {
        return session;
    }

    Executor registration() {
        return registration;
    }

    Executor controller() {
        return controller;
    }

    Executor metadata() {
        return metadata;
    }

    Executor producerIds() {
        return producerIds;
    }

    @Override
    public void close() {
        timer.close();
        workers.close();
        storage.close();
        control.close();
    }
}
