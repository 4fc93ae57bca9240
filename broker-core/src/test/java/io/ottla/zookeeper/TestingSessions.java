package io.ottla.zookeeper;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Metrics;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Opens sessions as a broker does, each with an executor of its own, and closes them all. */
public final class TestingSessions implements AutoCloseable {
    private final List<Runnable> closing = new ArrayList<>();
    final Metrics metrics = new Metrics();
    private final ScheduledExecutorService delays = Executors.newSingleThreadScheduledExecutor();

    static ZooKeeperProperties properties(String address, int sessionTimeoutMs) {
        ZooKeeperProperties defaults = ZooKeeperProperties.DEFAULTS;
        return new ZooKeeperProperties(
                address, sessionTimeoutMs, 5_000, false, 10, defaults.tls(), defaults.embeddedPort());
    }

    public ZooKeeperSession open(String address, int sessionTimeoutMs, Path folder) throws Exception {
        return open(properties(address, sessionTimeoutMs), folder);
    }

    ZooKeeperSession open(ZooKeeperProperties properties, Path folder) throws Exception {
        ZooKeeperSession session = unopened(properties, folder);
        session.open(true);
        return session;
    }

    ZooKeeperSession unopened(ZooKeeperProperties properties, Path folder) {
        ZooKeeperSession session = new KeptSession(
                properties,
                new SessionFiles(Disk.system(), List.of(folder), properties.connect()),
                Clock.system(),
                metrics,
                executor(),
                Waiting.blocking(),
                new CuratorClient(properties, Clock.system(), metrics));
        closing.addFirst(session::close);
        return session;
    }

    /** One task after the other. */
    public ExecutorService executor() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        closing.addLast(executor::shutdownNow);
        return executor;
    }

    Timer timer() {
        return (delayMs, task) -> {
            ScheduledFuture<?> scheduled = delays.schedule(task, delayMs, TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        delays.shutdownNow();
    }
}
