package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a dead controller's node is taken away, seen with a real ZooKeeper that has not noticed the death. */
class ControllerRemovalTest {
    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper server = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();
    private TestingContender dead;

    @BeforeEach
    void elect() throws Exception {
        dead = contender(1, server.address());
        await().until(dead::leads);
    }

    @AfterEach
    void closeSessions() {
        sessions.close();
    }

    @Test
    void shouldHaveAnElectionWithoutWaitingForTheSessionOfADeadController() throws Exception {
        // given  a controller that will not stand again, and whose session lives on for long
        dead.election.resign().toCompletableFuture().get();
        TestingContender two = contender(2, server.address());
        await().until(two::leads);
        TestingContender three = contender(3, server.address());
        await().until(() -> three.follows(two));
        long session = two.session.sessionId();

        // when
        three.election.removeDead(two.id);

        // then   one of those who stand has the next epoch, and all see the same
        await().until(() -> three.leads() != two.leads() && (three.follows(two) || two.follows(three)));
        TestingContender next = three.leads() ? three : two;
        assertThat(next.elected().epoch()).isEqualTo(new ControllerEpoch(3));
        // It may see that only when the other one has the node.
        assertThat(two.events)
                .containsAnyOf(
                        new Event.Resigned("/controller is gone from ZooKeeper"),
                        new Event.Resigned("another session has taken /controller in ZooKeeper"));
        assertThat(two.session.sessionId()).isEqualTo(session);
    }

    @Test
    void shouldLeaveAloneWhoIsNotSuspected() throws Exception {
        // given
        TestingContender two = contender(2, server.address());
        await().until(() -> two.follows(dead));

        // when   somebody else is suspected, nobody, or the controller itself by itself
        two.election.removeDead(new BrokerId(7));
        two.election.removeDead(BrokerId.NONE);
        two.election.removeDead(two.id);
        dead.election.removeDead(dead.id);

        // then   a resignation of somebody who has not even the place comes after all that
        get(two.election.resign().toCompletableFuture());
        get(dead.session.requests(sessions.executor()).sync("/"));
        assertThat(dead.events).containsExactly(new Event.Elected(new ControllerEpoch(1), 1));
        assertThat(server.data("/controller")).contains("\"brokerid\":1");
    }

    @Test
    void shouldNotTouchWhoWasElectedSince() throws Exception {
        // given  the epoch is another than was seen with the suspect's name
        ZooKeeperRequests requests = dead.session.requests(sessions.executor());
        ControllerRemoval removal = new ControllerRemoval(requests, Clock.system());
        removal.seen(dead.id, 1);
        get(requests.setData("/controller_epoch", "2".getBytes(StandardCharsets.UTF_8), 1));
        await().until(dead::leads);

        // when
        assertThat(removal.isDue(dead.id)).isTrue();
        Answer<?> answer = get(removal.attempt());

        // then
        assertThat(answer.code()).isEqualTo(Code.BADVERSION);
        assertThat(server.hasNode("/controller")).isTrue();
    }

    @Test
    void shouldRestAfterEachAttemptForTwiceAsLongUntilAllWasCalm() throws Exception {
        // given
        AtomicLong nowMs = new AtomicLong(5_000);
        ControllerRemoval removal = new ControllerRemoval(dead.session.requests(sessions.executor()), clock(nowMs));
        assertThat(removal.isDue(dead.id)).isFalse();
        removal.seen(dead.id, 999);

        for (long pauseMs : new long[] {1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000}) {
            // when   it tries, in vain
            assertThat(removal.isDue(dead.id)).isTrue();
            assertThat(get(removal.attempt()).code()).isEqualTo(Code.BADVERSION);

            // then
            nowMs.addAndGet(pauseMs - 1);
            assertThat(removal.isDue(dead.id)).as(pauseMs + " ms").isFalse();
            nowMs.addAndGet(1);
        }

        // when   nothing happened for a long time
        nowMs.addAndGet(2 * ControllerRemoval.LONGEST_PAUSE_MS);
        get(removal.attempt());
        nowMs.addAndGet(ControllerRemoval.FIRST_PAUSE_MS);

        // then
        assertThat(removal.isDue(dead.id)).isTrue();
        removal.seenNobody();
        assertThat(removal.isDue(dead.id)).isFalse();
    }

    @Test
    void shouldGoOnWhenTheAnswerIsLost() throws Exception {
        try (TestingProxy proxy = new TestingProxy(server.port())) {
            // given  the suspect does not stand again
            TestingContender two = contender(2, proxy.address());
            await().until(() -> two.follows(dead));
            proxy.loseNextAnswerTo(TestingProxy.MULTI);

            // when   its node is taken away, which nobody hears
            two.election.removeDead(dead.id);

            // then   somebody is elected all the same, once
            await().until(() -> proxy.lost() == 1);
            await().until(() -> two.leads() && dead.follows(two) || dead.leads() && two.follows(dead));
            assertThat(server.data("/controller_epoch")).isEqualTo("2");
        }
    }

    private static Clock clock(AtomicLong nowMs) {
        return new Clock() {
            @Override
            public long wallMs() {
                return nowMs.get();
            }

            @Override
            public long monotonicNs() {
                return nowMs.get() * 1_000_000;
            }
        };
    }

    private TestingContender contender(int id, String address) throws Exception {
        return new TestingContender(id, sessions, address, Files.createTempDirectory(folder, "broker"));
    }
}
