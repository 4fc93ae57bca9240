package io.ottla.simulation;

import io.ottla.broker.BrokerExecutors;
import io.ottla.config.BrokerConfig;
import io.ottla.storage.StorageThreads;
import io.ottla.time.Timer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** {@link BrokerExecutors} of a process that has no threads. They end with the process. */
final class SimulatedExecutors implements BrokerExecutors {
    private final SimulatedProcess process;
    private final StorageThreads storage = new Storage();
    private final Executor pool;
    private final Executor session;
    private final Executor registration;
    private final Executor controller;
    private final Executor metadata;
    private final Executor poll;
    private final Executor publisher;
    private final Executor reconfiguration;
    private final Executor losses;
    private final Executor producerIds;

    SimulatedExecutors(SimulatedProcess process) {
        this.process = process;
        pool = process.pool();
        session = process.thread();
        registration = process.thread();
        controller = process.thread();
        metadata = process.thread();
        poll = process.thread();
        publisher = process.thread();
        reconfiguration = process.thread();
        losses = process.thread();
        producerIds = process.thread();
    }

    @Override
    public Timer timer() {
        return process.timer();
    }

    @Override
    public StorageThreads storage() {
        return storage;
    }

    @Override
    public Executor workers() {
        return pool;
    }

    @Override
    public Executor coordinators() {
        return pool;
    }

    @Override
    public Executor loaders() {
        return pool;
    }

    @Override
    public Executor control() {
        return pool;
    }

    @Override
    public Executor session() {
        return session;
    }

    @Override
    public Executor registration() {
        return registration;
    }

    @Override
    public Executor controller() {
        return controller;
    }

    @Override
    public Executor metadata() {
        return metadata;
    }

    @Override
    public Executor poll() {
        return poll;
    }

    @Override
    public Executor publisher() {
        return publisher;
    }

    @Override
    public Executor reconfiguration() {
        return reconfiguration;
    }

    @Override
    public Executor losses() {
        return losses;
    }

    @Override
    public Executor producerIds() {
        return producerIds;
    }

    @Override
    public void resize(BrokerConfig config) {
        // There are as many as needed.
    }

    @Override
    public void close() {
        // What they had to do goes with the process.
    }

    /** What a start or stop waits for without {@link SimulatedWaiting} is done at once by the one who waits. */
    private final class Storage implements StorageThreads {
        private final Map<Path, Executor> appends = new TreeMap<>();
        private final Executor openings = task -> {
            if (Coroutine.current() == null) {
                pool.execute(task);
            } else {
                task.run();
            }
        };

        @Override
        public Executor appends(Path folder) {
            return appends.computeIfAbsent(folder, made -> process.thread());
        }

        @Override
        public Executor background(Path folder) {
            return pool;
        }

        @Override
        public Executor flushes(Path folder) {
            return pool;
        }

        @Override
        public Executor recovery(Path folder, int threads) {
            return openings;
        }

        @Override
        public Executor cleaning(int threads) {
            return openings;
        }

        @Override
        public Executor reads() {
            return pool;
        }
    }
}
