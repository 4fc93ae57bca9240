package io.ottla.zookeeper;

import static io.ottla.zookeeper.TestingSessions.get;
import static io.ottla.zookeeper.TestingSessions.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.concurrent.Waiting;
import io.ottla.time.Clock;
import io.ottla.zookeeper.ClusterNodes.Found;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterNodesTest {
    private static final Map<String, Short> NEWEST = Map.of("group.version", (short) 1);

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
    void shouldFoundAFreshClusterWithTheNewestFeatures() throws Exception {
        // given
        ClusterNodes nodes = nodes(server.address(), 1);

        // when
        Found.Cluster found = (Found.Cluster) nodes.prepare(NEWEST);

        // then   all nodes that must exist do, as Kafka 3.9 makes them
        assertThat(found.fresh()).isTrue();
        assertThat(found.clusterId()).matches("[A-Za-z0-9_-]{22}");
        assertThat(found.features().levels()).isEqualTo(NEWEST);
        for (String path : List.of(
                "/consumers",
                "/brokers/ids",
                "/brokers/topics",
                "/brokers/seqid",
                "/config/changes",
                "/config/topics",
                "/config/clients",
                "/config/users",
                "/config/brokers",
                "/config/ips",
                "/admin/delete_topics",
                "/isr_change_notification",
                "/latest_producer_id_block",
                "/log_dir_event_notification")) {
            assertThat(server.hasNode(path)).as(path).isTrue();
            assertThat(server.data(path)).as(path).isNull();
        }
        assertThat(server.data("/cluster/id")).isEqualTo("{\"version\":\"1\",\"id\":\"" + found.clusterId() + "\"}");
        assertThat(server.data("/feature"))
                .isEqualTo("{\"version\":2,\"status\":1,\"features\":{\"group.version\":{\"max_version_level\":1}}}");

        // and    a second start finds the same
        Found.Cluster again = (Found.Cluster) nodes.prepare(Map.of("group.version", (short) 9));
        assertThat(again).isEqualTo(new Found.Cluster(found.clusterId(), found.features(), false));
    }

    @Test
    void shouldAgreeOnOneClusterWhenSeveralStartAtOnce() throws Exception {
        // given
        List<ClusterNodes> starting =
                List.of(nodes(server.address(), 1), nodes(server.address(), 2), nodes(server.address(), 3));

        // when
        List<CompletableFuture<Found>> all = starting.stream()
                .map(nodes -> {
                    CompletableFuture<Found> found = new CompletableFuture<>();
                    Thread.ofVirtual().start(() -> {
                        try {
                            found.complete(nodes.prepare(NEWEST));
                        } catch (Exception e) {
                            found.completeExceptionally(e);
                        }
                    });
                    return found;
                })
                .toList();

        // then   there is one id, and one founder
        int founders = 0;
        String id = null;
        for (CompletableFuture<Found> one : all) {
            Found.Cluster cluster = (Found.Cluster) get(one);
            founders += cluster.fresh() ? 1 : 0;
            id = id == null ? cluster.clusterId() : id;
            assertThat(cluster.clusterId()).isEqualTo(id);
            assertThat(cluster.features().levels()).isEqualTo(NEWEST);
        }
        assertThat(founders).isLessThanOrEqualTo(1);
    }

    @Test
    void shouldKeepTheFeaturesOfAClusterThatIsTakenOver() throws Exception {
        // given  what a Kafka 3.9 left: its nodes, no finalised features
        put("/cluster", "");
        put("/cluster/id", "{\"version\":\"1\",\"id\":\"Y6Sp9rp9R7GWVCUsjm6Kxw\"}");
        put("/controller_epoch", "1");
        put("/feature", "{\"features\":{},\"version\":2,\"status\":1}");

        // when
        Found.Cluster found = (Found.Cluster) nodes(server.address(), 1).prepare(NEWEST);

        // then
        assertThat(found.clusterId()).isEqualTo("Y6Sp9rp9R7GWVCUsjm6Kxw");
        assertThat(found.fresh()).isFalse();
        assertThat(found.features().levels()).isEmpty();
        assertThat(found.features().epoch()).isZero();
    }

    @Test
    void shouldGiveNoFeaturesToAnOldClusterThatHasNone() throws Exception {
        // given  a cluster from before cluster ids
        put("/controller_epoch", "7");

        // when
        Found.Cluster found = (Found.Cluster) nodes(server.address(), 1).prepare(NEWEST);

        // then
        assertThat(found.fresh()).isFalse();
        assertThat(found.features().levels()).isEmpty();
    }

    @Test
    void shouldRefuseAClusterOnItsWayToKRaft() throws Exception {
        put("/migration", "{\"version\":0,\"kraft_controller_id\":3000,\"kraft_metadata_offset\":5}");

        Found found = nodes(server.address(), 1).prepare(NEWEST);

        assertThat(found)
                .isInstanceOfSatisfying(
                        Found.Refused.class,
                        refused -> assertThat(refused.why()).contains("/migration", "3000"));
        assertThat(server.hasNode("/brokers")).isFalse();
    }

    @Test
    void shouldRefuseWhatItCannotRead() throws Exception {
        put("/feature", "???");

        assertThat(nodes(server.address(), 1).prepare(NEWEST))
                .isInstanceOfSatisfying(
                        Found.Refused.class,
                        refused -> assertThat(refused.why()).contains("/feature"));
    }

    @Test
    void shouldFoundTheClusterOnceWhenAnswersGetLost() throws Exception {
        try (TestingProxy proxy = new TestingProxy(server.port())) {
            // given
            ClusterNodes nodes = nodes(proxy.address(), 1);
            proxy.loseNextAnswerTo(TestingProxy.MULTI);

            // when
            Found.Cluster found = (Found.Cluster) nodes.prepare(NEWEST);

            // then
            assertThat(proxy.lost()).isEqualTo(1);
            assertThat(found.fresh()).isTrue();
            assertThat(server.data("/cluster/id")).contains(found.clusterId());
            assertThat(found.features().levels()).isEqualTo(NEWEST);
        }
    }

    @Test
    void shouldDrawBrokerIdsAboveTheReservedOnes() throws Exception {
        ClusterNodes nodes = nodes(server.address(), 1);
        nodes.prepare(NEWEST);

        assertThat(nodes.drawBrokerId(1000)).isEqualTo(1001);
        assertThat(nodes.drawBrokerId(1000)).isEqualTo(1002);
    }

    @Test
    void shouldWaitForTheSessionWhileItIsDown() throws Exception {
        // given  a session that is down, as every answer says at once, and comes back after a second
        WaitingOnce down = new WaitingOnce(1_000);
        down.session.connected = false;

        // when
        String id = down.nodes().clusterId();

        // then   nobody is asked meanwhile, and it is looked after it less and less often
        assertThat(id).isEqualTo("Y6Sp9rp9R7GWVCUsjm6Kxw");
        assertThat(down.questions).isEqualTo(2);
        assertThat(down.pauses).containsExactly(20L, 40L, 80L, 160L, 320L, 320L, 320L);
    }

    @Test
    void shouldPauseWhereAnswersAreLostThoughTheSessionCountsAsConnected() throws Exception {
        WaitingOnce flaky = new WaitingOnce(100);
        assertThat(flaky.nodes().clusterId()).isEqualTo("Y6Sp9rp9R7GWVCUsjm6Kxw");
        assertThat(flaky.questions).isEqualTo(4);
        assertThat(flaky.pauses).containsExactly(20L, 40L, 80L);
    }

    @Test
    void shouldGiveUpOnceTheTimeOfAStartIsOver() {
        WaitingOnce down = new WaitingOnce(Long.MAX_VALUE);
        down.session.connected = false;
        assertThatThrownBy(() -> down.nodes().clusterId())
                .isInstanceOf(ZooKeeperUnavailableException.class)
                .hasMessageContaining("zookeeper.connection.timeout.ms");
        assertThat(down.pauses.stream().mapToLong(Long::longValue).sum()).isEqualTo(5_000);
        assertThat(down.questions).isEqualTo(1);
    }

    /** Waits in a time of its own: questions are answered at once, with nothing as long as ZooKeeper is away. */
    private static final class WaitingOnce implements Waiting, Clock {
        private final TestingSession session = new TestingSession(1);
        private final List<Long> pauses = new ArrayList<>();
        private final long awayMs;
        private int questions;
        private long nowMs;

        WaitingOnce(long awayMs) {
            this.awayMs = awayMs;
        }

        ClusterNodes nodes() {
            return new ClusterNodes(
                    session, properties("127.0.0.1:1", 10_000), this, new Random(1), Runnable::run, this);
        }

        @Override
        public <T> T await(CompletionStage<T> stage, long timeoutMs) throws TimeoutException {
            if (session.asked.isEmpty()) {
                pauses.add(timeoutMs);
                nowMs += timeoutMs;
                session.connected |= nowMs >= awayMs;
                throw new TimeoutException();
            }
            questions++;
            assertThat(questions).isLessThan(100);
            if (nowMs >= awayMs) {
                byte[] id = "{\"version\":\"1\",\"id\":\"Y6Sp9rp9R7GWVCUsjm6Kxw\"}".getBytes(StandardCharsets.UTF_8);
                session.asked.removeFirst().ok(id, TestingSession.madeBy(0, 1));
            } else {
                session.asked.removeFirst().refused(session.connected ? Code.CONNECTIONLOSS : Code.SESSIONEXPIRED);
            }
            return stage.toCompletableFuture().join();
        }

        @Override
        public long wallMs() {
            return nowMs;
        }

        @Override
        public long monotonicNs() {
            return nowMs * 1_000_000;
        }
    }

    private ClusterNodes nodes(String address, long seed) throws Exception {
        Path broker = Files.createTempDirectory(folder, "broker");
        return new ClusterNodes(
                sessions.open(address, 10_000, broker),
                properties(address, 10_000),
                Clock.system(),
                new Random(seed),
                sessions.executor(),
                Waiting.blocking());
    }

    private void put(String path, String data) throws Exception {
        ZooKeeperSession session = sessions.open(server.address(), 10_000, Files.createTempDirectory(folder, "other"));
        byte[] bytes = data.isEmpty() ? null : data.getBytes(StandardCharsets.UTF_8);
        assertThat(get(session.requests(sessions.executor())
                                .create(path, bytes, session.acls().of(path), CreateMode.PERSISTENT))
                        .isOk())
                .isTrue();
    }
}
