package io.ottla.simulation;

import io.ottla.broker.BrokerExecutors;
import io.ottla.broker.BrokerOrders;
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
    private final BrokerOrders orders;

    SimulatedExecutors(SimulatedProcess process) {
        this.process = process;
        pool = process.pool();
        orders = BrokerOrders.of(process::thread, process::thread);
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
    public BrokerOrders orders() {
        return orders;
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
        public Executor moving(int threads) {
            return pool;
        }

        @Override
        public Executor reads() {
            return pool;
        }
    }
}
