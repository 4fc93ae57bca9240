package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.zookeeper.ConsoleNodes.Entry;
import io.ottla.zookeeper.NodeStep.Make;
import io.ottla.zookeeper.NodeStep.Remove;
import io.ottla.zookeeper.NodeStep.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What consoles keep in ZooKeeper, and what somebody sees there who looks around. */
class ConsoleNodesTest {
    private static final String FOLDER = "people";

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();
    private ZooKeeperSession session;
    private ConsoleNodes nodes;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        session = sessions.open(zooKeeper.address(), 10_000, folder);
        nodes = new ConsoleNodes(session, sessions.executor());
    }

    @AfterEach
    void close() {
        sessions.close();
    }

    @Test
    void shouldLetOneOfThreeMakeAnEntry() throws Exception {
        // given  nobody has kept anything
        assertThat(get(nodes.names(FOLDER))).isEmpty();
        assertThat(get(nodes.read(FOLDER, "admin"))).isEmpty();

        // when
        CompletableFuture<Boolean> first = nodes.create(FOLDER, "admin", bytes("1"));
        CompletableFuture<Boolean> second = nodes.create(FOLDER, "admin", bytes("2"));
        CompletableFuture<Boolean> third = nodes.create(FOLDER, "admin", bytes("3"));

        // then
        assertThat(List.of(get(first), get(second), get(third))).containsOnlyOnce(true);
        assertThat(get(nodes.names(FOLDER))).containsExactly("admin");
    }

    @Test
    void shouldTellWhoComesTooLate() throws Exception {
        // given
        get(nodes.create(FOLDER, "a", bytes("one")));

        // when, then
        assertThat(get(nodes.update(FOLDER, "a", bytes("two"), 0))).isTrue();
        assertThat(get(nodes.update(FOLDER, "a", bytes("three"), 0))).isFalse();
        Optional<Entry> read = get(nodes.read(FOLDER, "a"));
        assertThat(read.orElseThrow().version()).isOne();
        assertThat(read.orElseThrow().content()).asString().isEqualTo("two");
        assertThat(get(nodes.delete(FOLDER, "a", 0))).isFalse();
        assertThat(get(nodes.delete(FOLDER, "a", 1))).isTrue();
        assertThat(get(nodes.delete(FOLDER, "a", -1))).isFalse();
        assertThat(get(nodes.update(FOLDER, "a", bytes("four"), 0))).isFalse();
    }

    @Test
    void shouldFailAtOnceWhileThereIsNoZooKeeper() {
        // given
        zooKeeper.stop();
        await().until(() -> !session.isConnected());

        // when, then
        assertThatThrownBy(() -> get(nodes.create(FOLDER, "a", bytes("one"))))
                .hasCauseInstanceOf(ZooKeeperUnavailableException.class)
                .hasMessageContaining("Expected a connection to ZooKeeper");
    }

    @Test
    void shouldLetNobodyElseReadThemWhereThatIsSet() {
        NodeAcls restricted = new NodeAcls(true);

        assertThat(restricted.of(ConsoleNodes.PARENT)).isEqualTo(ZooDefs.Ids.CREATOR_ALL_ACL);
        assertThat(restricted.of(ConsoleNodes.PARENT + "/people/admin")).isEqualTo(ZooDefs.Ids.CREATOR_ALL_ACL);
        assertThat(restricted.of("/ottla")).containsAll(ZooDefs.Ids.READ_ACL_UNSAFE);
    }

    @Test
    void shouldShowNodesFromWithinAndFromOutside() throws Exception {
        // given
        get(nodes.create(FOLDER, "b", bytes("two")));
        get(nodes.create(FOLDER, "a", bytes("one")));
        NodeTree own = new NodeTree(session, zooKeeper.address(), sessions.executor());

        // when
        Optional<SeenNode> parent = get(own.look("/ottla/console/people"));
        Optional<SeenNode> leaf = get(own.look("/ottla/console/people/a"));

        // then
        assertThat(parent.orElseThrow().children()).containsExactly("a", "b");
        assertThat(leaf.orElseThrow().content()).asString().isEqualTo("one");
        assertThat(leaf.orElseThrow().owner()).isZero();
        assertThat(get(own.look("/nowhere"))).isEmpty();
        assertThat(own.sessionId()).isNotZero();
        try (OtherZooKeeper other = OtherZooKeeper.open(zooKeeper.address() + "/ottla", 5_000)) {
            assertThat(other.look("/console/people").orElseThrow().children()).containsExactly("a", "b");
            assertThat(other.look("/nowhere")).isEmpty();
            assertThat(other.brokers()).isEmpty();
        }
    }

    @Test
    void shouldReadManyNodesAtOnceAndChangeSeveralAsOne() throws Exception {
        // given
        make("/consumers", "");
        make("/consumers/g", "");
        try (OtherZooKeeper other = OtherZooKeeper.open(zooKeeper.address() + "/consumers", 5_000)) {
            NodeBatches own = new NodeTree(session, zooKeeper.address(), sessions.executor()).batches();
            NodeBatches others = other.batches();

            // when
            assertThat(get(own.change(List.of(
                            new Make("/consumers/g/b", bytes("two")), new Make("/consumers/g/a", bytes("one"))))))
                    .isTrue();

            // then   both see it, and what is not there is left out
            assertThat(get(others.counts(List.of("/g", "/nowhere", "/g/a")))).isEqualTo(Map.of("/g", 2, "/g/a", 0));
            assertThat(get(own.children(List.of("/consumers/g", "/nowhere"))))
                    .isEqualTo(Map.of("/consumers/g", List.of("a", "b")));
            assertThat(get(others.contents(List.of("/g/a", "/nowhere", "/g/b"))).keySet())
                    .containsExactly("/g/a", "/g/b");

            // and    what we may not read is left out too
            get(session.requests(sessions.executor())
                    .create(
                            "/consumers/g/secret",
                            bytes("x"),
                            List.of(new ACL(ZooDefs.Perms.DELETE, ZooDefs.Ids.ANYONE_ID_UNSAFE)),
                            CreateMode.PERSISTENT));
            assertThat(get(others.contents(List.of("/g/a", "/g/secret"))).keySet())
                    .containsExactly("/g/a");
            assertThat(get(others.children(List.of("/g/secret")))).isEmpty();
            assertThat(get(others.change(List.of(new Remove("/g/secret"))))).isTrue();

            // when, then  where one part can't be, none is done
            assertThat(get(others.change(List.of(new Write("/g/a", bytes("1")), new Make("/g/b", bytes("2"))))))
                    .isFalse();
            assertThat(get(others.change(List.of(new Write("/g/a", bytes("1")), new Remove("/g")))))
                    .isFalse();
            assertThat(get(others.change(List.of(new Write("/g/a", bytes("1")), new Write("/g/c", bytes("2"))))))
                    .isFalse();
            assertThat(get(own.contents(List.of("/consumers/g/a"))).get("/consumers/g/a"))
                    .asString()
                    .isEqualTo("one");
            assertThat(get(others.change(List.of(new Remove("/g/a"), new Write("/g/b", bytes("2"))))))
                    .isTrue();
            assertThat(get(own.children(List.of("/consumers/g")))).containsValue(List.of("b"));
        }

        // when, then  without a connection nothing waits
        NodeBatches own = new NodeTree(session, zooKeeper.address(), sessions.executor()).batches();
        zooKeeper.stop();
        await().until(() -> !session.isConnected());
        assertThatThrownBy(() -> get(own.counts(List.of("/consumers"))))
                .hasCauseInstanceOf(ZooKeeperUnavailableException.class);
        assertThatThrownBy(() -> get(own.change(List.of(new Remove("/consumers/g/b")))))
                .hasCauseInstanceOf(ZooKeeperUnavailableException.class);
    }

    @Test
    void shouldFindBrokersThatClientsReach() throws Exception {
        // given
        make("/brokers", "");
        make("/brokers/ids", "");
        make(
                "/brokers/ids/1",
                "{\"version\":4,\"endpoints\":[\"SSL://a:1\",\"PLAINTEXT://b:2\"],"
                        + "\"listener_security_protocol_map\":{\"SSL\":\"SSL\",\"PLAINTEXT\":\"PLAINTEXT\"}}");

        // when, then
        try (OtherZooKeeper other = OtherZooKeeper.open(zooKeeper.address(), 5_000)) {
            assertThat(other.brokers()).containsExactly("b:2");
        }
        assertThatThrownBy(() -> OtherZooKeeper.open("127.0.0.1:1", 300))
                .isInstanceOf(ZooKeeperUnavailableException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    private void make(String path, String data) throws Exception {
        get(session.requests(sessions.executor())
                .create(path, bytes(data), session.acls().of(path), CreateMode.PERSISTENT));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
