package io.ottla.broker;

import io.ottla.concurrent.BoundedPool;
import io.ottla.concurrent.SerialExecutor;
import io.ottla.concurrent.Threads;
import io.ottla.config.BrokerConfig;
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
    private static final int COLD_READ_THREADS = 8;
    private static final int COORDINATOR_THREADS = 4;
    private static final int COORDINATOR_QUEUE = 100_000;
    private static final int LOADING_THREADS = 4;

    private final TimerWheel timer;
    private final BoundedPool control = new BoundedPool("ottla-control", CONTROL_THREADS, CONTROL_QUEUE);
    private final BoundedPool workers;
    private final BoundedPool coordinators =
            new BoundedPool("ottla-coordinator", COORDINATOR_THREADS, COORDINATOR_QUEUE);
    private final BoundedPool loaders = new BoundedPool("ottla-loader", LOADING_THREADS, COORDINATOR_QUEUE);
    private final StoragePools storage;
    private final int folders;
    private final Executor session = new SerialExecutor(control);
    private final Executor registration = new SerialExecutor(control);
    private final Executor controller = new SerialExecutor(control);
    private final Executor metadata = new SerialExecutor(control);
    private final Executor producerIds = new SerialExecutor(control);
    private final Executor losses = new SerialExecutor(control);
    private final Executor reconfiguration;

    BrokerThreads(Clock clock, BrokerConfig config) {
        timer = new TimerWheel(clock, Threads.single("ottla-timer"));
        workers = new BoundedPool("ottla-worker", workers(config), WORKER_QUEUE);
        folders = config.logDirs().size();
        storage = new StoragePools(background(config), COLD_READ_THREADS);
        reconfiguration = new SerialExecutor(workers);
    }

    /** For what must leave an event loop: large decompression, recompression, deletion of records. */
    private static int workers(BrokerConfig config) {
        return config.integer("num.io.threads");
    }

    /** Of each log folder. */
    private int background(BrokerConfig config) {
        return Math.ceilDiv(config.integer("background.threads"), folders);
    }

    /** Goes on with other numbers of threads. */
    void resize(BrokerConfig config) {
        workers.resize(workers(config));
        storage.resizeBackground(background(config));
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

    /** For operations of coordinators; any order. */
    Executor coordinators() {
        return coordinators;
    }

    /** For reading the logs of coordinators; any order. */
    Executor loaders() {
        return loaders;
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

    /** For changes of settings that take a while; in their order. */
    Executor reconfiguration() {
        return reconfiguration;
    }

    /** For telling the controller of lost replicas. */
    Executor losses() {
        return losses;
    }

    Executor producerIds() {
        return producerIds;
    }

    @Override
    public void close() {
        timer.close();
        loaders.close();
        coordinators.close();
        workers.close();
        storage.close();
        control.close();
    }
}
