package io.ottla.replication;

import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.ProducerView;
import io.ottla.types.BrokerId;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a broker shows of its partitions when they come, lose members, fail and go. */
class ReplicaMetricsTest {
    private static final TopicId ID = new TopicId(1, 1);
    private static final int[] BOTH = {1, 2};
    private static final int[] ONE = {1};

    private final Metrics metrics = new Metrics();
    private final TestingLogStore store = new TestingLogStore(new TestingFolder(Path.of("data")));
    private final Replicas replicas = new Replicas(
            SELF,
            store,
            set -> TestingTopics.minInSync(Integer.parseInt(set.getOrDefault("min.insync.replicas", "1"))),
            Runnable::run,
            metrics);

    private void apply(MetadataChange... changes) {
        replicas.apply(step(replicas.image(), changes)).toCompletableFuture().join();
    }

    @Test
    @Moves({
        "kafka_server_replicamanager_partitioncount",
        "kafka_server_replicamanager_leadercount",
        "kafka_server_replicamanager_underreplicatedpartitions",
        "kafka_server_replicamanager_underminisrpartitioncount",
        "kafka_server_replicamanager_atminisrpartitioncount",
        "kafka_server_replicamanager_isrshrinks_total",
        "kafka_server_replicamanager_isrexpands_total",
        "kafka_cluster_partition_replicascount",
        "kafka_cluster_partition_insyncreplicascount",
        "kafka_cluster_partition_underminisr",
        "kafka_cluster_partition_atminisr",
        "kafka_cluster_partition_underreplicated"
    })
    void shouldFollowTheInSyncSetAndWhatATopicAsksOfIt(Movement movement) {
        // given
        movement.watch(metrics);
        apply(new MetadataChange.TopicSet(topic("t", ID, state(1, 0, 0, BOTH, BOTH))));
        movement.look();
        // when  a member leaves
        apply(new MetadataChange.PartitionSet("t", 0, state(1, 0, 1, BOTH, ONE)));
        movement.look();
        // and   the topic asks for both
        apply(new MetadataChange.ConfigSet(
                ConfigResourceName.topic("t"), new ConfigImage(Map.of("min.insync.replicas", "2"))));
        movement.look();
        // and   it comes back
        apply(new MetadataChange.PartitionSet("t", 0, state(1, 0, 2, BOTH, BOTH)));
        movement.look();
        // and   another takes its place
        apply(new MetadataChange.PartitionSet("t", 0, state(1, 0, 3, new int[] {1}, ONE)));
    }

    @Test
    @Moves("kafka_server_replicamanager_reassigningpartitions")
    void shouldCountPartitionsThatMove(Movement movement) {
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        movement.watch(metrics);
        PartitionImage state = alone(0);
        apply(new MetadataChange.PartitionSet(
                "t",
                0,
                new PartitionImage(
                        List.of(new BrokerId(2), new BrokerId(1)),
                        List.of(new BrokerId(2)),
                        List.of(new BrokerId(1)),
                        state.leader(),
                        state.leaderEpoch(),
                        new PartitionEpoch(1),
                        state.controllerEpoch(),
                        state.inSync(),
                        state.eligible(),
                        state.lastKnownLeader(),
                        state.recovering(),
                        state.offline())));
    }

    @Test
    @Moves("kafka_server_replicamanager_offlinereplicacount")
    void shouldCountPartitionsWhoseLogCannotBeOpened(Movement movement) {
        movement.watch(metrics);
        store.gate = CompletableFuture.failedFuture(new java.io.IOException("disk"));
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
    }

    @Test
    @Moves("kafka_cluster_partition_laststableoffsetlag")
    void shouldShowHowFarAnOpenTransactionHoldsReadersBack(Movement movement) {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        movement.watch(metrics);
        // when
        Partition partition = replicas.partition("t", 0);
        partition.append((Role.Leading) partition.role(), TestingBatches.of(3), AppendOrigin.CLIENT, false);
        ((TestingLog) partition.log()).unstable = OptionalLong.of(1);
    }

    @Test
    @Moves({
        "kafka_server_replicamanager_produceridcount",
        "kafka_server_replicamanager_partitionswithlatetransactionscount"
    })
    void shouldShowHowManyProducersItRemembersAndWhereTransactionsHang(Movement movement) {
        // given  a partition that it leads, and one that it follows
        apply(
                new MetadataChange.TopicSet(topic("t", ID, alone(0))),
                new MetadataChange.TopicSet(topic("f", new TopicId(2, 2), state(2, 0, 0, BOTH, BOTH))));
        movement.watch(metrics);
        // when
        for (String topic : List.of("t", "f")) {
            TestingLog log = (TestingLog) replicas.partition(topic, 0).log();
            log.producers = List.of(new ProducerView(1, (short) 0, 0, 0, -1, 0));
            log.hasLateTransaction = true;
        }
        // then
        assertThat(level("kafka_server_replicamanager_produceridcount")).isEqualTo(2);
        assertThat(level("kafka_server_replicamanager_partitionswithlatetransactionscount"))
                .isEqualTo(1);
    }

    private double level(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .sum();
    }
}
