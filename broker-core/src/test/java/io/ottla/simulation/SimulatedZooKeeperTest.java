package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.simulation.ZooKeeperClient.Loss;
import io.ottla.zookeeper.Answer;
import io.ottla.zookeeper.SessionEvent;
import io.ottla.zookeeper.SessionStatus;
import io.ottla.zookeeper.ZooKeeperRequests;
import io.ottla.zookeeper.ZooKeeperSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the moves of the modelled ZooKeeper do, and that a seed gives the same run again. */
class SimulatedZooKeeperTest {
    private static final int SESSION_MS = 18_000;

    @TempDir
    Path folder;

    private TestingEnsemble.Modelled ensemble;
    private TestingWorld world;
    private ZooKeeperSession session;
    private ZooKeeperRequests requests;
    private final List<SessionEvent> events = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        open(1, SimulatedZooKeeper.Settings.USUAL);
    }

    private void open(long seed, SimulatedZooKeeper.Settings settings) throws Exception {
        ensemble = new TestingEnsemble.Modelled(seed, settings);
        world = ensemble.world;
        session = broker();
        events.clear();
        session.listen(events::add);
        requests = ensemble.requests(session);
        assertThat(world.get(create("/n")).isOk()).isTrue();
    }

    private ZooKeeperSession broker() throws Exception {
        return ensemble.open(Files.createTempDirectory(folder, "broker"), SESSION_MS);
    }

    private ZooKeeperClient client() {
        return ensemble.process(session).client();
    }

    @Test
    void shouldLoseTheAnswerOfAWriteThatWasDone() throws Exception {
        // when
        client().loseNext(Loss.ANSWER);
        Answer<Void> answer = world.get(requests.setData("/n", bytes("x"), 0));

        // then   nobody knows, and it is done; the session goes on
        assertThat(answer.isUnknown()).isTrue();
        assertThat(world.zooKeeper.data("/n")).isEqualTo("x");
        world.until(() -> events.contains(new SessionEvent.Resumed()));
        assertThat(events).containsExactly(new SessionEvent.Suspended(), new SessionEvent.Resumed());
        assertThat(world.get(requests.setData("/n", bytes("y"), 1)).isOk()).isTrue();
    }

    @Test
    void shouldLoseAWrite() throws Exception {
        // when
        client().loseNext(Loss.REQUEST);
        Answer<Void> answer = world.get(requests.setData("/n", bytes("x"), 0));

        // then   nobody knows, and it is not done
        assertThat(answer.isUnknown()).isTrue();
        assertThat(world.zooKeeper.data("/n")).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldDoAFirstPartOfWhatIsUnderWayWhenAConnectionBreaks(long seed) throws Exception {
        // given  writes under way
        open(seed, SimulatedZooKeeper.Settings.USUAL);
        List<CompletableFuture<Answer<String>>> writes = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            writes.add(create("/" + i));
        }

        // when
        client().cut();

        // then   each is unknown, and done where those before it are
        boolean done = true;
        for (int i = 0; i < 10; i++) {
            assertThat(world.get(writes.get(i)).isUnknown()).isTrue();
        }
        world.sleep(10_000);
        for (int i = 0; i < 10; i++) {
            assertThat(done || !world.zooKeeper.has("/" + i)).isTrue();
            done = world.zooKeeper.has("/" + i);
        }
        assertThat(session.isConnected()).isTrue();
    }

    @Test
    void shouldSendWhatWasAskedWithoutAConnectionOnceThereIsOne() throws Exception {
        // given
        client().cut();
        world.until(() -> events.contains(new SessionEvent.Suspended()));

        // when, then
        assertThat(world.get(create("/late")).isOk()).isTrue();
        assertThat(events).last().isEqualTo(new SessionEvent.Resumed());
    }

    @Test
    void shouldNoticeASilentConnectionAfterTwoThirdsOfTheTimeoutAndLoseTheSessionInTheEnd() throws Exception {
        // given
        assertThat(world.get(requests.create("/mine", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL))
                        .isOk())
                .isTrue();
        long start = world.nowNs();

        // when
        client().suspendConnection();
        CompletableFuture<Answer<Void>> write = requests.setData("/n", bytes("x"), 0);

        // then   the client hears of nothing for a while, the server forgets the session first
        assertThat(world.get(write).isUnknown()).isTrue();
        assertThat(elapsedMs(start)).isBetween(6_000L, 12_001L);
        world.until(() -> !world.zooKeeper.has("/mine"));
        assertThat(elapsedMs(start)).isBetween(12_000L, 20_000L);
        world.until(() -> events.contains(new SessionEvent.Lost()));
        assertThat(elapsedMs(start)).isBetween(18_000L, 25_000L);
        assertThat(session.status().state()).isEqualTo(SessionStatus.State.NONE);

        // when   it gets through again
        client().resumeConnection();

        // then
        world.until(session::isConnected);
        assertThat(events).hasSize(3);
        world.until(() -> world.zooKeeper.sessions().equals(java.util.Set.of(session.sessionId())));
    }

    @Test
    void shouldLeaveTheSessionOfAKilledProcessOpenUntilItsTimeoutOrItsSuccessor() throws Exception {
        // given
        Path left = Files.createTempDirectory(folder, "left");
        ZooKeeperSession killed = ensemble.open(left, SESSION_MS);
        assertThat(world.get(ensemble.requests(killed)
                                .create("/mine", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL))
                        .isOk())
                .isTrue();

        // when
        ensemble.process(killed).kill();
        world.sleep(5_000);

        // then
        assertThat(world.zooKeeper.has("/mine")).isTrue();
        ensemble.open(left, SESSION_MS);
        assertThat(world.zooKeeper.has("/mine")).isFalse();

        // and    one without a successor
        ensemble.process(session).kill();
        world.sleep(20_001);
        assertThat(world.zooKeeper.sessions()).hasSize(1);
    }

    @Test
    void shouldEndTheSessionOfAProcessThatIsPausedForTooLong() throws Exception {
        // given
        long before = session.sessionId();

        // when
        ensemble.process(session).pause();
        world.sleep(30_000);
        assertThat(session.isConnected()).isTrue();
        ensemble.process(session).resume();

        // then   it hears of it all when it goes on
        world.until(() -> !events.isEmpty() && events.getLast() instanceof SessionEvent.Connected);
        assertThat(events).contains(new SessionEvent.Lost());
        assertThat(session.isFormer(before)).isTrue();
    }

    @Test
    void shouldKeepASessionThatIsIdle() {
        long before = session.sessionId();
        world.sleep(600_000);
        assertThat(session.isConnected()).isTrue();
        assertThat(session.sessionId()).isEqualTo(before);
        assertThat(events).isEmpty();
    }

    @Test
    void shouldBreakTheConnectionOfARequestThatIsTooLarge() throws Exception {
        assertThat(world.get(requests.setData("/n", new byte[1 << 20], -1)).isUnknown())
                .isTrue();
        assertThat(world.zooKeeper.data("/n")).isNull();
    }

    @Test
    void shouldReadWhatIsOldFromAServerThatLagsUnlessItSyncs() throws Exception {
        // given  servers that are up to a second behind
        SimulatedZooKeeper.Settings lagging =
                new SimulatedZooKeeper.Settings(2_000, 3, 300_000, 1_000 * TestingWorld.MS);
        int stale = 0;
        for (int seed = 0; seed < 20; seed++) {
            open(seed, lagging);
            world.sleep(5_000);

            // when   a tool writes
            assertThat(world.zooKeeper.operate(List.of(Op.setData("/n", bytes("new"), -1))))
                    .isEqualTo(Code.OK);

            // then   a read may be old; one after a sync is not, nor one of one's own writes
            stale += world.get(requests.getData("/n")).value() == null ? 1 : 0;
            CompletableFuture<Answer<Void>> synced = requests.sync("/");
            CompletableFuture<Answer<byte[]>> read = requests.getData("/n");
            assertThat(world.get(synced).isOk()).isTrue();
            assertThat(world.get(read).value()).isEqualTo(bytes("new"));
            requests.setData("/n", bytes("own"), -1);
            assertThat(world.get(requests.getData("/n")).value()).isEqualTo(bytes("own"));
        }
        assertThat(stale).isBetween(1, 19);
    }

    @Test
    void shouldTellOfChangesBeforeAnAnswerThatShowsThem() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            // given  a watch
            open(seed, new SimulatedZooKeeper.Settings(2_000, 3, 300_000, 50 * TestingWorld.MS));
            ZooKeeperRequests other = ensemble.requests(broker());
            List<String> heard = new ArrayList<>();
            world.get(requests.getData("/n", () -> heard.add("changed")));

            // when   somebody changes it while it is read again and again
            other.setData("/n", bytes("new"), -1);
            for (int i = 0; i < 100; i++) {
                requests.getData("/n").thenAccept(answer -> {
                    if (answer.value() != null) {
                        heard.add("seen");
                    }
                });
                world.sleep(1);
            }

            // then
            assertThat(heard).startsWith("changed").contains("seen");
        }
    }

    @Test
    void shouldGoTheSameWayAgainWithTheSameSeed() throws Exception {
        assertThat(run(7)).isEqualTo(run(7));
        assertThat(run(7)).isNotEqualTo(run(8));
    }

    private String run(long seed) throws Exception {
        open(seed, new SimulatedZooKeeper.Settings(2_000, 3, 300_000, 1_000_000));
        StringBuilder log = new StringBuilder();
        session.listen(event -> log.append(event).append(world.nowNs()));
        for (int i = 0; i < 200; i++) {
            if (i % 50 == 25) {
                client().cut();
            }
            requests.setData("/n", bytes("" + i), i % 3 == 0 ? i : -1)
                    .thenAccept(answer ->
                            log.append(answer.code()).append(world.nowNs()).append(' '));
            world.sleep(20);
        }
        world.sleep(10_000);
        return log.toString();
    }

    private CompletableFuture<Answer<String>> create(String path) {
        return requests.create(path, null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    private long elapsedMs(long sinceNs) {
        return (world.nowNs() - sinceNs) / TestingWorld.MS;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
