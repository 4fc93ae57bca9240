package io.ottla.simulation;

import static org.awaitility.Awaitility.await;

import io.ottla.concurrent.Waiting;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Metrics;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.zookeeper.CuratorClient;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.TestingZooKeeper;
import io.ottla.zookeeper.ZooKeeperRequests;
import io.ottla.zookeeper.ZooKeeperSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A ZooKeeper to compare: a real one, or the model. */
interface TestingEnsemble extends AutoCloseable {
    int SESSION_MS = 20_000;

    /** @param folder holds the session's file; an earlier one there is closed first */
    ZooKeeperSession open(Path folder, int sessionMs) throws Exception;

    ZooKeeperRequests requests(ZooKeeperSession session);

    <T> T get(CompletionStage<T> stage) throws Exception;

    void until(BooleanSupplier condition);

    /** Closes it, and waits until that is done. */
    void close(ZooKeeperSession session);

    void expire(long sessionId);

    void cut();

    void stop();

    void start();

    @Override
    void close();

    static ZooKeeperProperties properties(String address, int sessionMs) {
        ZooKeeperProperties defaults = ZooKeeperProperties.DEFAULTS;
        return new ZooKeeperProperties(address, sessionMs, 20_000, false, 10, defaults.tls(), defaults.embeddedPort());
    }

    /** A server in this process, spoken to as production does. */
    final class Real implements TestingEnsemble {
        private final TestingZooKeeper server = new TestingZooKeeper();
        private final List<ExecutorService> executors = new ArrayList<>();
        private final List<KeptSession> sessions = new ArrayList<>();

        private ExecutorService executor() {
            ExecutorService executor = Executors.newSingleThreadExecutor();
            executors.add(executor);
            return executor;
        }

        @Override
        public ZooKeeperSession open(Path folder, int sessionMs) throws Exception {
            ZooKeeperProperties properties = properties(server.address(), sessionMs);
            KeptSession session = new KeptSession(
                    properties,
                    new SessionFiles(Disk.system(), List.of(folder), "same"),
                    Clock.system(),
                    new Metrics(),
                    executor(),
                    Waiting.blocking(),
                    new CuratorClient(properties, Clock.system(), new Metrics()));
            session.open(false);
            sessions.add(session);
            return session;
        }

        @Override
        public ZooKeeperRequests requests(ZooKeeperSession session) {
            return session.requests(executor());
        }

        @Override
        public <T> T get(CompletionStage<T> stage) throws Exception {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        }

        @Override
        public void until(BooleanSupplier condition) {
            await().atMost(Duration.ofSeconds(30)).until(condition::getAsBoolean);
        }

        @Override
        public void close(ZooKeeperSession session) {
            session.close();
        }

        @Override
        public void expire(long sessionId) {
            server.expire(sessionId);
        }

        @Override
        public void cut() {
            server.cutConnections();
        }

        @Override
        public void stop() {
            server.stop();
        }

        @Override
        public void start() {
            server.start();
        }

        @Override
        public void close() {
            sessions.forEach(KeptSession::close);
            executors.forEach(ExecutorService::shutdownNow);
            server.close();
        }
    }

    /** The model, on a clock of its own. */
    final class Modelled implements TestingEnsemble {
        final TestingWorld world;
        private final IdentityHashMap<ZooKeeperSession, TestingWorld.TestingProcess> processes =
                new IdentityHashMap<>();
        private final List<ZooKeeperClient> clients = new ArrayList<>();

        Modelled(long seed, SimulatedZooKeeper.Settings settings) {
            world = new TestingWorld(seed, settings);
        }

        @Override
        public ZooKeeperSession open(Path folder, int sessionMs) throws Exception {
            TestingWorld.TestingProcess process = world.process();
            KeptSession session = process.session(properties("same", sessionMs), folder);
            session.open(false);
            processes.put(session, process);
            clients.add(process.client());
            return session;
        }

        TestingWorld.TestingProcess process(ZooKeeperSession session) {
            return processes.get(session);
        }

        @Override
        public ZooKeeperRequests requests(ZooKeeperSession session) {
            return session.requests(processes.get(session).thread());
        }

        @Override
        public <T> T get(CompletionStage<T> stage) throws Exception {
            return world.get(stage);
        }

        @Override
        public void until(BooleanSupplier condition) {
            world.until(condition);
        }

        @Override
        public void close(ZooKeeperSession session) {
            session.close();
            world.sleep(1_000);
        }

        @Override
        public void expire(long sessionId) {
            world.zooKeeper.expire(sessionId);
        }

        @Override
        public void cut() {
            clients.forEach(ZooKeeperClient::cut);
        }

        @Override
        public void stop() {
            world.zooKeeper.stop();
        }

        @Override
        public void start() {
            world.zooKeeper.start();
        }

        @Override
        public void close() {}
    }
}
