package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.types.ControllerEpoch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperElectionTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper server = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();

    @AfterEach
    void closeSessions() {
        sessions.close();
    }

    @Test
    void shouldWinAnEmptyClusterWithEpochOne() throws Exception {
        // when
        TestingContender one = contender(1, server.address());

        // then   as Kafka 3.9 writes it
        await().untilAsserted(
                        () -> assertThat(one.events).containsExactly(new Event.Elected(new ControllerEpoch(1), 1)));
        assertThat(server.data("/controller_epoch")).isEqualTo("1");
        assertThat(server.data("/controller"))
                .matches("\\{\"version\":2,\"brokerid\":1,\"timestamp\":\"\\d+\",\"kraftControllerEpoch\":-1}");
    }

    @RepeatedTest(3)
    void shouldElectOneOfTwo() throws Exception {
        // given
        TestingContender one = contender(1, server.address());
        TestingContender two = contender(2, server.address());
        await().until(() -> one.leads() != two.leads() && one.events.size() + two.events.size() >= 2);
        TestingContender first = one.leads() ? one : two;
        TestingContender second = one.leads() ? two : one;
        assertThat(second.events).last().isEqualTo(new Event.Elsewhere(first.id));

        // when   the first resigns
        get(first.election.resign().toCompletableFuture());

        // then   the other takes over with the next epoch
        await().until(second::leads);
        assertThat(first.events).last().isEqualTo(new Event.Resigned("the broker stops"));
        assertThat(second.elected().epoch()).isEqualTo(new ControllerEpoch(2));
        assertThat(server.data("/controller_epoch")).isEqualTo("2");
    }

    @Test
    void shouldResignWhenTheSessionEndsAndStandAgain() throws Exception {
        // given
        TestingContender one = contender(1, server.address());
        await().until(one::leads);
        TestingContender two = contender(2, server.address());
        await().until(() -> !two.events.isEmpty());

        // when
        server.expire(one.session.sessionId());

        // then   one hears of it, and one of them, not both, leads with a later epoch
        await().untilAsserted(() -> assertThat(one.events)
                .anyMatch(event ->
                        event instanceof Event.Resigned(String why) && why.contains("session with ZooKeeper")));
        await().until(() -> one.leads() != two.leads());
        TestingContender next = one.leads() ? one : two;
        assertThat(next.elected().epoch()).isEqualTo(new ControllerEpoch(2));
    }

    @Test
    void shouldActNoMoreWhileTheConnectionIsLost() throws Exception {
        // given
        TestingContender one = contender(1, server.address());
        await().until(one::leads);

        // when
        server.cutConnections();

        // then   the place is the same afterwards
        await().untilAsserted(() -> assertThat(one.events)
                .containsExactly(
                        new Event.Elected(new ControllerEpoch(1), 1), new Event.Suspended(), new Event.Resumed()));
    }

    @Test
    void shouldKnowThatItWonWhenTheAnswerWasLost() throws Exception {
        try (TestingProxy proxy = new TestingProxy(server.port())) {
            // given
            proxy.loseNextAnswerTo(TestingProxy.MULTI);

            // when
            TestingContender one = contender(1, proxy.address());

            // then   it leads with the epoch that the lost answer was about, and has not stood twice
            await().until(one::leads);
            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(one.elected()).isEqualTo(new Event.Elected(new ControllerEpoch(1), 1));
            assertThat(server.data("/controller_epoch")).isEqualTo("1");
        }
    }

    @Test
    void shouldGiveWayToAnotherAndNoticeThatItsNodeIsGone() throws Exception {
        // given
        TestingContender one = contender(1, server.address());
        await().until(one::leads);

        // when   an operator deletes the node
        ZooKeeperRequests operator = requests();
        get(operator.delete("/controller", -1));

        // then
        await().untilAsserted(() -> assertThat(one.events)
                .containsExactly(
                        new Event.Elected(new ControllerEpoch(1), 1),
                        new Event.Resigned("/controller is gone from ZooKeeper"),
                        new Event.Elected(new ControllerEpoch(2), 2)));
    }

    @Test
    void shouldNeverGoBackInEpochs() throws Exception {
        // given  a controller of epoch 5
        put("/controller_epoch", "4");
        TestingContender one = contender(1, server.address());
        await().until(one::leads);
        assertThat(one.elected().epoch()).isEqualTo(new ControllerEpoch(5));

        // when   somebody sets the epoch back, and the place gets free
        ZooKeeperRequests operator = requests();
        get(operator.setData("/controller_epoch", "0".getBytes(StandardCharsets.UTF_8), -1));
        get(operator.delete("/controller", -1));

        // then
        await().untilAsserted(() -> assertThat(one.elected().epoch()).isEqualTo(new ControllerEpoch(6)));
        assertThat(server.data("/controller_epoch")).isEqualTo("6");
    }

    @Test
    void shouldRefuseAClusterOfKRaft() throws Exception {
        put("/controller", "{\"version\":2,\"brokerid\":3000,\"timestamp\":\"1\",\"kraftControllerEpoch\":8}");

        TestingContender one = contender(1, server.address());

        await().untilAsserted(() -> assertThat(one.events).hasSize(1));
        assertThat(one.events.getFirst())
                .isInstanceOfSatisfying(
                        Event.Refused.class,
                        refused -> assertThat(refused.why()).contains("3000", "KRaft"));
    }

    @Test
    void shouldRefuseAnEpochThatIsNoNumber() throws Exception {
        put("/controller_epoch", "x");

        TestingContender one = contender(1, server.address());

        await().untilAsserted(() -> assertThat(one.events).hasSize(1));
        assertThat(one.events.getFirst()).isInstanceOf(Event.Refused.class);
    }

    @RepeatedTest(3)
    void shouldStandOnlyWhileRegistered() throws Exception {
        // given  the one that leads, and another
        TestingContender one = contender(1, server.address());
        await().until(one::leads);
        TestingContender two = contender(2, server.address());
        await().until(() -> two.follows(one));

        // when   its place and its registration go in one
        get(requests().multi(List.of(Op.delete("/brokers/ids/1", -1), Op.delete("/controller", -1))));

        // then   only the other can be elected
        await().until(() -> one.follows(two));
        assertThat(two.elected().epoch()).isEqualTo(new ControllerEpoch(2));
    }

    private TestingContender contender(int id, String address) throws Exception {
        return new TestingContender(id, sessions, address, Files.createTempDirectory(folder, "broker"));
    }

    private ZooKeeperRequests requests() throws Exception {
        return sessions.open(server.address(), 20_000, Files.createTempDirectory(folder, "operator"))
                .requests(sessions.executor());
    }

    private void put(String path, String data) throws Exception {
        assertThat(get(requests()
                                .create(
                                        path,
                                        data.getBytes(StandardCharsets.UTF_8),
                                        org.apache.zookeeper.ZooDefs.Ids.OPEN_ACL_UNSAFE,
                                        CreateMode.PERSISTENT))
                        .isOk())
                .isTrue();
    }
}
