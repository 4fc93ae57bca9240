package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.concurrent.Waiting;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.time.Clock;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.BrokerRegistration.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerRegistrationTest {
    private static final String NODE = "/brokers/ids/1";

    @TempDir
    Path folder;

    private final List<Outcome> later = new CopyOnWriteArrayList<>();

    @AutoClose
    private final TestingZooKeeper server = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();

    @BeforeEach
    void start() throws Exception {
        nodes(server.address()).prepare(Map.of());
    }

    @AfterEach
    void closeSessions() {
        sessions.close();
    }

    @Test
    void shouldRegisterWithAnEpochOfItsOwn() throws Exception {
        // given
        ZooKeeperSession session = open(server.address(), 20_000);

        // when
        Outcome outcome = register(session, 9092);

        // then
        BrokerImage live = registered();
        assertThat(outcome).isEqualTo(new Outcome.Registered(live.epoch()));
        assertThat(live.endpoint("PLAINTEXT").port()).isEqualTo(9092);
    }

    @Test
    void shouldBeFoundByItsIdAsLongAsItIsThere() throws Exception {
        // given
        ZooKeeperSession session = open(server.address(), 20_000);
        RegisteredBrokers directory = new RegisteredBrokers(session, Runnable::run);
        BrokerId id = new BrokerId(1);
        assertThat(get(directory.lookUp(id).toCompletableFuture())).isEmpty();

        // when
        register(session, 9092);

        // then
        assertThat(get(directory.lookUp(id).toCompletableFuture())).hasValue(registered());

        // and    it says so where it can't be known
        server.stop();
        await().untilAsserted(() ->
                assertThat(directory.lookUp(id).toCompletableFuture()).failsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void shouldNameTheBrokerThatHoldsTheId() throws Exception {
        // given
        register(open(server.address(), 20_000), 9092);
        String before = server.data(NODE);

        // when
        Outcome second = register(open(server.address(), 20_000), 9999);

        // then   and leave it alone
        assertThat(second).isEqualTo(new Outcome.HeldBy(new BrokerId(1), "127.0.0.1", 9092));
        assertThat(((Outcome.HeldBy) second).text()).contains("broker.id 1", "127.0.0.1:9092");
        assertThat(server.data(NODE)).isEqualTo(before);
    }

    @Test
    void shouldRegisterAgainAfterItsSessionWasEnded() throws Exception {
        // given
        ZooKeeperSession session = open(server.address(), 20_000);
        Outcome.Registered first = (Outcome.Registered) register(session, 9092);

        // when
        server.expire(session.sessionId());

        // then   the same broker is there again with a larger epoch
        await().untilAsserted(() -> assertThat(later).hasSize(1));
        assertThat(((Outcome.Registered) later.getFirst()).epoch()).isGreaterThan(first.epoch());
        assertThat(server.hasNode(NODE)).isTrue();
    }

    @Test
    void shouldRegisterAgainAtOnceWhenItGaveItsSessionUpAndTheServerDidNot() throws Exception {
        // given  a server that was away for longer than the client waits, and grants old sessions their time again
        ZooKeeperSession session = open(server.address(), 1_500);
        register(session, 9092);
        server.stop();
        await().until(() -> session.sessionId() == 0 || !session.isConnected());
        await().during(Duration.ofMillis(1_600)).until(() -> !session.isConnected());

        String before = server.data(NODE);

        // when
        server.start();

        // then   nobody sees the broker gone meanwhile, but for the blink in which a transaction is applied
        boolean[] gone = {false};
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> {
            boolean now = !server.hasNode(NODE);
            assertThat(now && gone[0]).isFalse();
            gone[0] = now;
            return later.size() == 1;
        });
        assertThat(later.getFirst()).isInstanceOf(Outcome.Registered.class);
        // and    what was given up is closed without taking the new node along
        await().until(() -> server.sessions() == 1);
        assertThat(server.data(NODE)).isNotNull().isNotEqualTo(before);
    }

    @Test
    void shouldFindItsNodeWhenTheAnswerWasLost() throws Exception {
        try (TestingProxy proxy = new TestingProxy(server.port())) {
            // given
            ZooKeeperSession session = open(proxy.address(), 20_000);
            proxy.loseNextAnswerTo(TestingProxy.CREATE2);

            // when
            Outcome outcome = register(session, 9092);

            // then
            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(outcome).isEqualTo(new Outcome.Registered(registered().epoch()));
        }
    }

    @Test
    void shouldNotTouchTheNodeForAnAttemptThatIsVoid() {
        // given  a broker that finds a node at the start, and has yet to hear whose it is
        TestingSession session = new TestingSession(1);
        CompletableFuture<Outcome> outcome = new BrokerRegistration(
                        session, self(9092), -1, Clock.system(), sessions.timer(), Runnable::run)
                .register(60_000, later::add)
                .toCompletableFuture();
        session.asked.removeFirst().refused(Code.NODEEXISTS);
        TestingSession.Asked whose = session.asked.removeFirst();
        assertThat(whose.what()).isEqualTo("getData " + NODE);

        // when   its session is lost, and it is registered in the next one
        session.followedBy(2);
        session.asked.removeFirst().ok(NODE, TestingSession.madeBy(2, 7));
        assertThat(outcome).isCompletedWithValue(new Outcome.Registered(new BrokerEpoch(7)));

        // and    hears only then that the node was the former session's
        whose.ok(new byte[0], TestingSession.madeBy(1, 3));

        // then   it does not take its own new one away for that
        assertThat(session.asked).isEmpty();
    }

    @Test
    void shouldLeaveItToTheLatestAttemptToReplaceAFormerNode() {
        // given  two attempts at one registration, each of which has yet to hear whose the node is
        TestingSession session = new TestingSession(1);
        new BrokerRegistration(session, self(9092), -1, Clock.system(), sessions.timer(), Runnable::run)
                .register(60_000, later::add);
        session.asked.removeFirst().refused(Code.NODEEXISTS);
        TestingSession.Asked first = session.asked.removeFirst();
        session.followedBy(2);
        session.asked.removeFirst().refused(Code.NODEEXISTS);
        TestingSession.Asked second = session.asked.removeFirst();

        // when   both do
        first.ok(new byte[0], TestingSession.madeBy(1, 3));
        second.ok(new byte[0], TestingSession.madeBy(1, 3));

        // then   one takes its place
        assertThat(session.asked)
                .singleElement()
                .satisfies(asked -> assertThat(asked.what()).isEqualTo("multi " + NODE));
    }

    @Test
    void shouldWithdraw() throws Exception {
        // given
        ZooKeeperSession session = open(server.address(), 20_000);
        BrokerRegistration registration = registration(session, 9092);
        get(registration.register(5_000, later::add).toCompletableFuture());

        // when
        get(registration.withdraw().toCompletableFuture());

        // then
        assertThat(server.hasNode(NODE)).isFalse();
    }

    private Outcome register(ZooKeeperSession session, int port) throws Exception {
        return get(registration(session, port).register(10_000, later::add).toCompletableFuture());
    }

    private BrokerRegistration registration(ZooKeeperSession session, int port) {
        return new BrokerRegistration(session, self(port), -1, Clock.system(), sessions.timer(), sessions.executor());
    }

    private static BrokerImage self(int port) {
        return new BrokerImage(
                new BrokerId(1),
                BrokerEpoch.NONE,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", port)),
                null,
                Map.of());
    }

    private ZooKeeperSession open(String address, int timeoutMs) throws Exception {
        return sessions.open(address, timeoutMs, Files.createTempDirectory(folder, "broker"));
    }

    /** As others see it. */
    private BrokerImage registered() throws Exception {
        ZooKeeperStore store = new ZooKeeperStore(open(server.address(), 20_000), sessions.executor());
        return get(store.brokers().toCompletableFuture()).values().iterator().next();
    }

    private ClusterNodes nodes(String address) throws Exception {
        return new ClusterNodes(
                open(address, 20_000),
                properties(address, 20_000),
                Clock.system(),
                new Random(1),
                sessions.executor(),
                Waiting.blocking());
    }
}
