package io.ottla.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.TestingLines;
import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.controller.ConfigNote;
import io.ottla.controller.Controller;
import io.ottla.controller.ControllerElection;
import io.ottla.controller.DoomedTopic;
import io.ottla.controller.EpochGuard;
import io.ottla.controller.NewTopic;
import io.ottla.controller.Policies;
import io.ottla.controller.StoreEvent;
import io.ottla.controller.StoreWrite;
import io.ottla.controller.StoredCluster;
import io.ottla.controller.StoredFeatures;
import io.ottla.controller.TopicResult;
import io.ottla.controller.WriteOutcome;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.DeletedLog;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.TreePVector;
import org.slf4j.LoggerFactory;

class ZooKeeperStoreTest {
    private static final EpochGuard GUARD = new EpochGuard(new ControllerEpoch(1), 0);
    private static final List<BrokerId> REPLICAS = List.of(new BrokerId(1));

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
        for (String path : List.of(
                "/brokers",
                "/brokers/ids",
                "/brokers/topics",
                "/admin",
                "/admin/delete_topics",
                "/config",
                "/config/topics",
                "/config/brokers",
                "/config/changes",
                "/cluster")) {
            make(path, null);
        }
        make("/cluster/id", "{\"version\":\"1\",\"id\":\"EqGVHeM_RV-cy_vNugxC6w\"}");
        make("/controller_epoch", "1");
        make("/feature", "{\"features\":{},\"version\":2,\"status\":1}");
        make(
                "/brokers/ids/1",
                "{\"features\":{},\"listener_security_protocol_map\":{\"PLAINTEXT\":\"PLAINTEXT\"},"
                        + "\"endpoints\":[\"PLAINTEXT://127.0.0.1:19500\"],\"jmx_port\":-1,\"port\":19500,"
                        + "\"host\":\"127.0.0.1\",\"version\":5,\"timestamp\":\"1795328705692\"}");
        store = new ZooKeeperStore(session, sessions.executor());
        store.watch(events::add);
    }

    @AfterEach
    void close() {
        sessions.close();
    }

    private void make(String path, String data) throws Exception {
        byte[] bytes = data == null ? null : data.getBytes(StandardCharsets.UTF_8);
        Answer<String> made = requests.create(path, bytes, session.acls().of(path), CreateMode.PERSISTENT)
                .get();
        assertThat(made.isOk()).as(path + " " + made.code()).isTrue();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get();
    }

    private static PartitionImage born(int leader) {
        return new PartitionImage(
                REPLICAS,
                List.of(),
                List.of(),
                new BrokerId(leader),
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                new ControllerEpoch(1),
                REPLICAS,
                List.of(),
                BrokerId.NONE,
                false);
    }

    private static TopicImage topic(String name, int partitions) {
        List<PartitionImage> images = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            images.add(born(1));
        }
        return new TopicImage(name, new TopicId(5, name.hashCode()), TreePVector.from(images), false);
    }

    private WriteOutcome create(TopicImage topic) throws Exception {
        List<StoreWrite> writes = new ArrayList<>();
        writes.add(new StoreWrite.TopicCreate(topic, new ConfigImage(Map.of("retention.ms", "7"))));
        for (int i = 0; i < topic.partitions().size(); i++) {
            writes.add(new StoreWrite.PartitionCreate(new TopicPartition(topic.name(), i), topic.partition(i)));
        }
        return get(store.write(GUARD, writes));
    }

    @Test
    void shouldReadBackWhatItWrote() throws Exception {
        assertThat(create(topic("t", 3))).isEqualTo(new WriteOutcome.Written());
        StoredCluster cluster = get(store.load());
        assertThat(cluster.clusterId()).isEqualTo("EqGVHeM_RV-cy_vNugxC6w");
        assertThat(cluster.brokers()).containsOnlyKeys(new BrokerId(1));
        assertThat(cluster.topics().get("t").topic()).isEqualTo(topic("t", 3));
        assertThat(cluster.topics().get("t").nodeVersion()).isZero();
        assertThat(cluster.configs().get(ConfigResourceName.topic("t")).values())
                .containsOnly(Map.entry("retention.ms", "7"));
        assertThat(cluster.features()).isEqualTo(new StoredFeatures(Map.of(), 0));
        assertThat(cluster.unreadable()).isEmpty();
        assertThat(zooKeeper.data("/brokers/topics/t/partitions/2/state"))
                .isEqualTo("{\"controller_epoch\":1,\"leader\":1,\"version\":1,\"leader_epoch\":0,\"isr\":[1]}");
    }

    @Test
    void shouldDoAllOrNothingAndSayWhy() throws Exception {
        create(topic("t", 1));
        assertThat(create(topic("t", 1))).isInstanceOf(WriteOutcome.Conflict.class);
        List<StoreWrite> mixed = List.of(
                new StoreWrite.DeletionMark("t"),
                new StoreWrite.PartitionReplace(new TopicPartition("t", 0), born(1).at(new PartitionEpoch(5))));
        assertThat(get(store.write(GUARD, mixed))).isInstanceOf(WriteOutcome.Conflict.class);
        assertThat(zooKeeper.hasNode("/admin/delete_topics/t")).isFalse();
        assertThat(get(store.write(
                        GUARD,
                        List.of(new StoreWrite.PartitionReplace(
                                new TopicPartition("t", 0), born(1).at(new PartitionEpoch(1)))))))
                .isEqualTo(new WriteOutcome.Written());
    }

    @Test
    void shouldWriteNothingForADeposedController() throws Exception {
        get(requests.setData("/controller_epoch", "2".getBytes(StandardCharsets.UTF_8), 0));
        assertThat(create(topic("t", 1))).isEqualTo(new WriteOutcome.Deposed());
        assertThat(zooKeeper.hasNode("/brokers/topics/t")).isFalse();
        assertThat(get(remove("t"))).isEqualTo(new WriteOutcome.Written());
        make("/admin/delete_topics/t", null);
        assertThat(get(remove("t"))).isEqualTo(new WriteOutcome.Deposed());
    }

    @Test
    void shouldRefuseWhatZooKeeperCannotTake() throws Exception {
        Map<String, String> large = Map.of("x", "y".repeat(1_100_000));
        assertThat(get(store.write(
                        GUARD,
                        List.of(new StoreWrite.ConfigReplace(ConfigResourceName.topic("t"), new ConfigImage(large))))))
                .isInstanceOf(WriteOutcome.TooLarge.class);
    }

    @Test
    void shouldFinishWhatOldToolsAndCrashesLeftHalfDone() throws Exception {
        // given  a topic of an old tool, with a folder but no state, and its configuration
        make("/config/topics/old", "{\"version\":1,\"config\":{}}");
        make("/brokers/topics/old", "{\"version\":1,\"partitions\":{\"0\":[1],\"1\":[1]}}");
        make("/brokers/topics/old/partitions", null);
        make("/brokers/topics/old/partitions/0", null);
        make("/brokers/topics/bare", "{\"version\":1,\"partitions\":{\"0\":[1]}}");
        make("/config/topics/left", "{\"version\":1,\"config\":{\"a\":\"b\"}}");
        make("/brokers/topics/strange", "who wrote this");
        StoredCluster cluster = get(store.load());
        assertThat(cluster.topics()).containsOnlyKeys("old", "bare");
        assertThat(cluster.topics().get("old").topic().partition(0).isUnborn()).isTrue();
        assertThat(cluster.unreadable())
                .hasEntrySatisfying("strange", why -> assertThat(why).contains("/brokers/topics/strange"))
                .hasSize(1);
        // when   states, ids and configuration are written over all that
        List<StoreWrite> writes = List.of(
                new StoreWrite.TopicReplace(topic("old", 2), 0),
                new StoreWrite.PartitionCreate(new TopicPartition("old", 0), born(1)),
                new StoreWrite.PartitionCreate(new TopicPartition("old", 1), born(1)),
                new StoreWrite.PartitionCreate(new TopicPartition("bare", 0), born(1)),
                new StoreWrite.TopicCreate(topic("left", 1), ConfigImage.EMPTY),
                new StoreWrite.DeletionMark("bare"),
                new StoreWrite.ConfigNoteDelete("config_change_never"),
                new StoreWrite.ConfigReplace(ConfigResourceName.broker(1), new ConfigImage(Map.of("k", "v"))));
        assertThat(get(store.write(GUARD, writes))).isEqualTo(new WriteOutcome.Written());
        // then   it is all there
        StoredCluster after = get(store.load());
        assertThat(after.topics().get("old").topic()).isEqualTo(topic("old", 2));
        assertThat(after.topics().get("old").nodeVersion()).isEqualTo(1);
        assertThat(after.deletions()).containsExactly("bare");
        assertThat(zooKeeper.data("/config/topics/left")).isEqualTo("{\"version\":1,\"config\":{}}");
        assertThat(after.configs().get(ConfigResourceName.broker(1)).values()).containsEntry("k", "v");
        List<ConfigNote> notes = get(store.configNotes());
        assertThat(notes).extracting(ConfigNote::resource).containsExactly(ConfigResourceName.broker(1));
    }

    private CompletionStage<WriteOutcome> remove(String topic) {
        return store.removeTopic(GUARD, topic(topic, 1));
    }

    @Test
    void shouldLeaveANoteToEachBrokerThatHoldsReplicasOfATopicThatGoes() throws Exception {
        DeletedLogs notes = new DeletedLogs(requests);
        BrokerId holder = REPLICAS.get(0);
        assertThat(get(notes.of(holder))).isEmpty();
        for (String name : List.of("t", "u")) {
            create(topic(name, 1));
            assertThat(get(remove(name))).isEqualTo(new WriteOutcome.Written());
        }
        DeletedLog id = DeletedLog.allOf(topic("t", 1).id());
        DeletedLog other = DeletedLog.allOf(topic("u", 1).id());
        assertThat(get(notes.of(holder))).containsExactlyInAnyOrder(id, other);
        assertThat(zooKeeper.data("/ottla/deleted_logs/1/" + id)).isEqualTo("t");
        // when   one of them has been acted by
        notes.cleared(holder, Set.of(id));
        // then
        await().untilAsserted(() -> assertThat(get(notes.of(holder))).containsExactly(other));
        // when   one is there already, and somebody has taken away what it lies in
        create(topic("u", 1));
        assertThat(get(remove("u"))).isEqualTo(new WriteOutcome.Written());
        notes.cleared(holder, Set.of(other));
        await().untilAsserted(() -> assertThat(get(notes.of(holder))).isEmpty());
        assertThat(requests.delete("/ottla/deleted_logs/1", -1).get().isOk()).isTrue();
        create(topic("t", 1));
        // then
        assertThat(get(remove("t"))).isEqualTo(new WriteOutcome.Written());
        assertThat(get(notes.of(holder))).containsExactly(id);
    }

    @Test
    void shouldLeaveANoteOfAReplicaThatHasMoved() throws Exception {
        DeletedLogs notes = new DeletedLogs(requests);
        BrokerId holder = REPLICAS.get(0);
        DeletedLog replica = new DeletedLog(new TopicId(1, 2), 3);
        for (int i = 0; i < 2; i++) { // the second time it is there
            assertThat(get(store.write(GUARD, List.of(new StoreWrite.DeletionNote(holder, replica, "t")))))
                    .isEqualTo(new WriteOutcome.Written());
            assertThat(get(notes.of(holder))).containsExactly(replica);
        }
        make("/ottla/deleted_logs/1/else", "");
        assertThat(get(notes.of(holder))).containsExactly(replica);
        notes.cleared(holder, Set.of(replica));
        await().untilAsserted(() -> assertThat(get(notes.of(holder))).isEmpty());
    }

    @Test
    void shouldTakeAwayAllThereIsOfATopic() throws Exception {
        create(topic("t", 1000));
        make("/admin/delete_topics/t", null);
        get(requests.delete("/brokers/topics/t/partitions/7/state", -1));
        assertThat(get(remove("t"))).isEqualTo(new WriteOutcome.Written());
        for (String path : List.of("/brokers/topics/t", "/config/topics/t", "/admin/delete_topics/t")) {
            assertThat(zooKeeper.hasNode(path)).as(path).isFalse();
            // and    whoever held it is told, though that was not to be written at first
            assertThat(get(new DeletedLogs(requests).of(REPLICAS.get(0))))
                    .containsExactly(DeletedLog.allOf(topic("t", 1).id()));
        }
        assertThat(get(remove("t"))).isEqualTo(new WriteOutcome.Written());
    }

    @Test
    void shouldTellOfChangesByOthers() throws Exception {
        get(store.load());
        create(topic("ours", 1));
        await().until(() -> events.contains(new StoreEvent.TopicsChanged()));
        make("/admin/delete_topics/x", null);
        make("/config/changes/config_change_0000000001", "{\"version\":2,\"entity_path\":\"topics/x\"}");
        make("/brokers/ids/2", "{\"version\":1,\"host\":\"h\",\"port\":1}");
        get(requests.setData(
                "/feature", "{\"features\":{},\"version\":2,\"status\":1}".getBytes(StandardCharsets.UTF_8), -1));
        get(requests.setData("/brokers/topics/ours", TopicNode.encode(topic("ours", 2)), -1));
        await().untilAsserted(() -> assertThat(events)
                .contains(
                        new StoreEvent.DeletionsChanged(),
                        new StoreEvent.ConfigsChanged(),
                        new StoreEvent.BrokersChanged(),
                        new StoreEvent.FeaturesChanged(),
                        new StoreEvent.TopicChanged("ours")));
        assertThat(get(store.brokers())).containsOnlyKeys(new BrokerId(1), new BrokerId(2));
        assertThat(get(store.topics(List.of("ours", "none")))
                        .get("ours")
                        .topic()
                        .partitions())
                .hasSize(2);
        assertThat(get(store.features()).version()).isEqualTo(1);
    }

    @Test
    void shouldSayOnceOfFeaturesThatTheyCanNotBeReadAndWhichVersionThatIs() throws Exception {
        try (TestingLines lines = TestingLines.of(UnreadableNodes.class)) {
            // given  somebody writes nonsense
            get(requests.setData("/feature", "notjson".getBytes(StandardCharsets.UTF_8), -1));

            // when   it is read again and again
            assertThat(get(store.load()).features()).isEqualTo(new StoredFeatures(null, 1));
            assertThat(get(store.features())).isEqualTo(new StoredFeatures(null, 1));

            // then
            assertThat(lines.all()).singleElement().asString().contains("/feature", "notjson");

            // when   a level is set all the same, which writes the node anew
            FeaturesImage mended = new FeaturesImage(Map.of("group.version", (short) 1), 2);
            get(store.write(GUARD, List.of(new StoreWrite.FeaturesReplace(mended))));

            // then
            assertThat(get(store.features())).isEqualTo(new StoredFeatures(mended.levels(), 2));
        }
    }

    @Test
    void shouldTellOnceOfAChangeHoweverOftenTheStoreWasRead() throws Exception {
        // given  a controller that has read all of it a few times
        create(topic("t", 1));
        for (int i = 0; i < 3; i++) {
            get(store.load());
        }
        // when   somebody writes a topic's node, and then asks for an election
        assertThat(get(requests.setData("/brokers/topics/t", new byte[] {'{', '}'}, -1))
                        .isOk())
                .isTrue();
        make("/admin/preferred_replica_election", "{}");
        get(requests.sync("/"));
        get(store.topicNames());
        // then
        assertThat(events).containsExactly(new StoreEvent.TopicChanged("t"), new StoreEvent.ElectionsChanged());
    }

    @Test
    void shouldSayOnceWhatOfConfigurationCanNotBeRead() throws Exception {
        try (TestingLines lines = TestingLines.of(UnreadableNodes.class)) {
            // given  settings and notes of other tools, some of which make no sense
            make("/config/topics/x", "notjson");
            make("/config/topics/bare", null);
            make("/config/topics/fine", "{\"version\":1,\"config\":{\"retention.ms\":\"7\"}}");
            make("/config/changes/config_change_0000000001", "{\"version\":2,\"entity_path\":\"topics/x\"}");
            make("/config/changes/config_change_0000000002", "{\"version\":2,\"entity_path\":\"users/u/clients/c\"}");
            make("/config/changes/config_change_0000000003", "not\njson");

            // when   they are read again and again
            for (int i = 0; i < 2; i++) {
                assertThat(get(store.load()).configs()).containsOnlyKeys(ConfigResourceName.topic("fine"));
                assertThat(get(store.configNotes())).hasSize(3);
                get(store.configs(List.of(ConfigResourceName.topic("x"))));
            }

            // then
            assertThat(lines.all()).hasSize(2);
            assertThat(lines.all())
                    .anyMatch(line -> line.startsWith("ERROR The settings in /config/topics/x are not in force")
                            && line.endsWith("notjson"))
                    .anyMatch(line ->
                            line.startsWith("WARN The note /config/changes/config_change_0000000003 can't be read")
                                    && line.endsWith("not\\njson"));

            // when   they change, and still make no sense, then that is said as well
            get(requests.setData("/config/topics/x", "{}".getBytes(StandardCharsets.UTF_8), -1));
            get(store.configs(List.of(ConfigResourceName.topic("x"))));
            assertThat(lines.all()).hasSize(3);
        }
    }

    @Test
    void shouldNotKnowWhatBecameOfAWriteWhileAway() throws Exception {
        zooKeeper.stop();
        assertThat(create(topic("t", 1))).isInstanceOf(WriteOutcome.Unknown.class);
    }

    @Test
    void shouldServeAControllerThatCreatesAThousandPartitionsAndTakesThemAway() throws Exception {
        // given  a controller over this store
        List<ImageStep> steps = new CopyOnWriteArrayList<>();
        Controller controller = new Controller(
                new BrokerId(1),
                TopicDefaults.DEFAULTS,
                ControllerProperties.DEFAULTS,
                new Controller.Ports(
                        new AlwaysElected(),
                        store,
                        step -> {
                            steps.add(step);
                            return CompletableFuture.completedFuture(null);
                        },
                        (resource, configs, asked) -> null,
                        Policies.NONE,
                        new Random(1),
                        Clock.system(),
                        sessions.timer(),
                        sessions.executor(),
                        () -> ClusterImage.EMPTY,
                        sessions.metrics));
        controller.start();
        // when   a topic of a thousand partitions is created
        long begin = Clock.system().monotonicMs();
        TopicResult created = get(controller.createTopics(
                        List.of(new NewTopic("wide", 1000, (short) 1, List.of(), Map.of())), false))
                .getFirst();
        long took = Clock.system().monotonicMs() - begin;
        // then   it is in the store as it is in the image, well within what Kafka needs for it
        assertThat(created).isInstanceOf(TopicResult.Created.class);
        assertThat(took).as("milliseconds").isLessThan(2900);
        assertThat(get(store.load()).topics().get("wide").topic())
                .isEqualTo(steps.getLast().after().topic("wide"));
        // when   it is deleted
        get(controller.deleteTopics(List.of(new DoomedTopic("wide", TopicId.ZERO))));
        // then   nothing of it is left
        assertThat(zooKeeper.hasNode("/brokers/topics/wide")).isFalse();
        assertThat(controller.image().topics()).isEmpty();
        LoggerFactory.getLogger(ZooKeeperStoreTest.class).info("A thousand partitions took {} ms", took);
    }

    /** Wins the epoch that {@code /controller_epoch} has. */
    private static final class AlwaysElected implements ControllerElection {
        @Override
        public void start(Consumer<Event> listener) {
            listener.accept(new Event.Elected(new ControllerEpoch(1), 0));
        }

        @Override
        public void removeDead(BrokerId suspect) {}

        @Override
        public void lookAgain() {}

        @Override
        public CompletionStage<Void> resign() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
