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
final class BrokerThreads implements BrokerExecutors {
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
    private final BrokerOrders orders;

    BrokerThreads(Clock clock, BrokerConfig config) {
        timer = new TimerWheel(clock, Threads.single("ottla-timer"));
        workers = new BoundedPool("ottla-worker", workers(config), WORKER_QUEUE);
        folders = config.logDirs().size();
        storage = new StoragePools(background(config), COLD_READ_THREADS);
        orders = BrokerOrders.of(() -> new SerialExecutor(control), () -> new SerialExecutor(workers));
    }

    /** For what must leave an event loop: large decompression, recompression, deletion of records. */
    private static int workers(BrokerConfig config) {
        return config.integer("num.io.threads");
    }

    /** Of each log folder. */
    private int background(BrokerConfig config) {
        return Math.ceilDiv(config.integer("background.threads"), folders);
    }

    @Override
    public void resize(BrokerConfig config) {
        workers.resize(workers(config));
        storage.resizeBackground(background(config));
    }

    @Override
    public TimerWheel timer() {
        return timer;
    }

    @Override
    public StoragePools storage() {
        return storage;
    }

    @Override
    public Executor workers() {
        return workers;
    }

    @Override
    public Executor coordinators() {
        return coordinators;
    }

    @Override
    public Executor loaders() {
        return loaders;
    }

    @Override
    public Executor control() {
        return control;
    }

    @Override
    public BrokerOrders orders() {
        return orders;
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
