package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.TestingLines;
import io.ottla.controller.EpochGuard;
import io.ottla.controller.StoreEvent;
import io.ottla.controller.StoreWrite;
import io.ottla.controller.StoredElections;
import io.ottla.controller.StoredReassignments;
import io.ottla.controller.WriteOutcome;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and old tools ask by nodes below {@code /admin}, and how it is taken away. */
class AdminNodesTest {
    private static final EpochGuard GUARD = new EpochGuard(new ControllerEpoch(1), 0);
    private static final String MOVES = "/admin/reassign_partitions";
    private static final String ELECTIONS = "/admin/preferred_replica_election";
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private final TestingSessions sessions = new TestingSessions();
    private final List<StoreEvent> events = new CopyOnWriteArrayList<>();
    private ZooKeeperRequests requests;
    private ZooKeeperSession session;
    private ZooKeeperStore store;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        session = sessions.open(zooKeeper.address(), 10_000, folder);
        requests = session.requests(sessions.executor());
        make("/admin", null);
        make("/controller_epoch", "1");
        store = new ZooKeeperStore(session, sessions.executor());
        store.watch(events::add);
    }

    @AfterEach
    void close() {
        sessions.close();
    }

    @Test
    void shouldReadMovesAndTakeThemAwayOneByOne() throws Exception {
        // given  nobody asks for anything
        assertThat(get(store.reassignments())).isEqualTo(StoredReassignments.NONE);

        // when   a tool of the ZooKeeper era does
        make(
                MOVES,
                "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":1,\"replicas\":[3,2],"
                        + "\"log_dirs\":[\"any\",\"any\"]},{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}]}");

        // then   that is told, and read
        await().until(() -> events.contains(new StoreEvent.ReassignmentsChanged()));
        StoredReassignments asked = get(store.reassignments());
        assertThat(asked.isThere()).isTrue();
        assertThat(asked.targets())
                .isEqualTo(Map.of(FIRST, List.of(new BrokerId(1)), SECOND, List.of(new BrokerId(3), new BrokerId(2))));

        // when   one is done, and then the other
        assertThat(write(new StoreWrite.ReassignmentsReplace(Map.of(FIRST, List.of(new BrokerId(1))), asked.version())))
                .isEqualTo(new WriteOutcome.Written());

        // then   the node says what is left, as Kafka writes it, and goes with the last
        assertThat(zooKeeper.data(MOVES))
                .isEqualTo("{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}]}");
        assertThat(write(new StoreWrite.ReassignmentsReplace(Map.of(), asked.version() + 1)))
                .isEqualTo(new WriteOutcome.Written());
        assertThat(zooKeeper.hasNode(MOVES)).isFalse();
    }

    @Test
    void shouldNotTakeAwayMovesThatItHasNotRead() throws Exception {
        // given
        make(MOVES, "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}]}");
        StoredReassignments asked = get(store.reassignments());

        // when   somebody writes the node again before the first wish is obeyed
        set(MOVES, "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":1,\"replicas\":[2]}]}");

        // then
        assertThat(write(new StoreWrite.ReassignmentsReplace(Map.of(), asked.version())))
                .isInstanceOf(WriteOutcome.Conflict.class);
        assertThat(get(store.reassignments()).targets()).containsOnlyKeys(SECOND);
        await().until(() -> events.contains(new StoreEvent.ReassignmentsChanged()));
    }

    @Test
    void shouldLeaveItAtThatWhereWhatIsDoneIsGoneAlready() throws Exception {
        for (StoreWrite write : List.of(
                new StoreWrite.ReassignmentsReplace(Map.of(), 3),
                new StoreWrite.ReassignmentsReplace(Map.of(FIRST, List.of(new BrokerId(1))), 3),
                new StoreWrite.ElectionsDelete(0))) {
            assertThat(write(write)).as(write.toString()).isEqualTo(new WriteOutcome.Written());
        }
        assertThat(zooKeeper.children("/admin")).isEmpty();
    }

    @Test
    void shouldReadElectionsAndTakeThemAway() throws Exception {
        // given
        assertThat(get(store.elections())).isEqualTo(StoredElections.NONE);

        // when
        make(ELECTIONS, "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":1}]}");

        // then
        await().until(() -> events.contains(new StoreEvent.ElectionsChanged()));
        StoredElections asked = get(store.elections());
        assertThat(asked).isEqualTo(new StoredElections(Set.of(SECOND), 0));
        assertThat(write(new StoreWrite.ElectionsDelete(1))).isInstanceOf(WriteOutcome.Conflict.class);
        assertThat(write(new StoreWrite.ElectionsDelete(0))).isEqualTo(new WriteOutcome.Written());
        assertThat(zooKeeper.hasNode(ELECTIONS)).isFalse();
    }

    @Test
    void shouldAskForNothingWhereNobodyCanReadWhat() throws Exception {
        try (TestingLines lines = TestingLines.of(AdminReader.class)) {
            make(MOVES, "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[]}]}");
            make(ELECTIONS, "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":-1}]}");
            assertThat(get(store.reassignments())).isEqualTo(new StoredReassignments(Map.of(), 0));
            assertThat(get(store.elections())).isEqualTo(new StoredElections(Set.of(), 0));
            for (String text : List.of("", "[]", "{}", "{\"version\":1}", "{\"version\":1,\"partitions\":{}}", "{")) {
                set(MOVES, text);
                set(ELECTIONS, text);
                assertThat(get(store.reassignments()).targets()).as(text).isEmpty();
                assertThat(get(store.elections()).partitions()).as(text).isEmpty();
            }
            assertThat(lines.all())
                    .hasSize(14)
                    .allMatch(line -> line.startsWith("WARN What /admin/"))
                    .anyMatch(line -> line.endsWith("{\"topic\":\"t\",\"partition\":-1}]}"));
        }
    }

    @Test
    void shouldLeaveOutOneThatNobodyCanRead() throws Exception {
        try (TestingLines lines = TestingLines.of(PartitionList.class)) {
            make(
                    MOVES,
                    "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":-1,\"replicas\":[1]},"
                            + "{\"topic\":\"t\",\"partition\":0,\"replicas\":[1]}]}");
            make(ELECTIONS, "{\"version\":1,\"partitions\":[{\"topic\":\"t\"},{\"topic\":\"t\",\"partition\":1}]}");
            assertThat(get(store.reassignments()).targets()).isEqualTo(Map.of(FIRST, List.of(new BrokerId(1))));
            assertThat(get(store.elections()).partitions()).containsExactly(SECOND);
            assertThat(lines.all())
                    .hasSize(2)
                    .anyMatch(line ->
                            line.startsWith("WARN {\"topic\":\"t\",\"partition\":-1,\"replicas\":[1]} of " + MOVES));
        }
    }

    private WriteOutcome write(StoreWrite write) throws Exception {
        return get(store.write(GUARD, List.of(write)));
    }

    private void make(String path, String data) throws Exception {
        byte[] bytes = data == null ? null : data.getBytes(StandardCharsets.UTF_8);
        assertThat(requests.create(path, bytes, session.acls().of(path), CreateMode.PERSISTENT)
                        .get()
                        .isOk())
                .isTrue();
    }

    private void set(String path, String data) throws Exception {
        assertThat(requests.setData(path, data.getBytes(StandardCharsets.UTF_8), -1)
                        .get()
                        .isOk())
                .isTrue();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get();
    }
}
