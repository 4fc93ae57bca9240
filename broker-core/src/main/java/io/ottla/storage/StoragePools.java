package io.ottla.storage;

import io.ottla.concurrent.BoundedPool;
import io.ottla.concurrent.SerialExecutor;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** {@link StorageThreads} of a broker: a few threads a folder, which end when they have nothing to do. Thread-safe. */
public final class StoragePools implements StorageThreads, AutoCloseable {
    private static final int WAITING = 100_000;
    private static final int FLUSH_THREADS = 4;
    private static final String BACKGROUND = "storage-";

    private final Map<String, BoundedPool> pools = new ConcurrentHashMap<>();
    private final Map<Path, Executor> serial = new ConcurrentHashMap<>();
    private volatile int backgroundThreads;
    private final int readThreads;

    /**
     * @param backgroundThreads a folder ({@code background.threads}), 1 or more
     * @param readThreads for cold reads of all folders, 1 or more
     */
    public StoragePools(int backgroundThreads, int readThreads) {
        this.backgroundThreads = backgroundThreads;
        this.readThreads = readThreads;
    }

    @Override
    public Executor appends(Path folder) {
        return serial.computeIfAbsent(folder, f -> new SerialExecutor(pool("append-" + f, 1)));
    }

    @Override
    public Executor background(Path folder) {
        return pool(BACKGROUND + folder, backgroundThreads);
    }

    @Override
    public Executor flushes(Path folder) {
        return pool("flush-" + folder, FLUSH_THREADS);
    }

    @Override
    public Executor recovery(Path folder, int threads) {
        return sized("recovery-" + folder, threads);
    }

    @Override
    public Executor cleaning(int threads) {
        return sized("log-cleaner", threads);
    }

    @Override
    public Executor moving(int threads) {
        return sized("log-move", threads);
    }

    private Executor sized(String name, int threads) {
        BoundedPool pool = pool(name, threads);
        pool.resize(threads);
        return pool;
    }

    @Override
    public Executor reads() {
        return pool("cold-read", readThreads);
    }

    /** Goes on with so many background threads a folder. */
    public void resizeBackground(int threads) {
        backgroundThreads = threads;
        pools.forEach((name, pool) -> {
            if (name.startsWith(BACKGROUND)) {
                pool.resize(threads);
            }
        });
    }

    private BoundedPool pool(String name, int threads) {
        return pools.computeIfAbsent(name, n -> new BoundedPool(n, threads, WAITING));
    }

    /** Ends all threads, once what they have been given is done. */
    @Override
    public void close() {
        pools.values().forEach(BoundedPool::close);
    }
}
