package io.ottla.replication;

import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.LostReplicas;
import io.ottla.types.DeletedLog;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ReplicasTest {
    private static final TopicId ID = new TopicId(1, 1);

    private final Metrics metrics = new Metrics();
    private final TestingLogStore store = new TestingLogStore(new TestingFolder(Path.of("data")));
    private final Replicas replicas = new Replicas(
            SELF,
            store,
            set -> TestingTopics.minInSync(Integer.parseInt(set.getOrDefault("min.insync.replicas", "1"))),
            Runnable::run,
            metrics);

    private CompletableFuture<Void> apply(MetadataChange... changes) {
        ClusterImage before = replicas.image();
        ImageStep step = step(before, changes);
        return replicas.apply(step).toCompletableFuture();
    }

    private double gauge(String name, String... labels) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.labels().pairs().equals(List.of(labels)))
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .findFirst()
                .orElse(-1);
    }

    @Test
    void shouldBeDoneOnlyWhenLeadersHaveOpenedTheirLogs() {
        // given
        store.gate = new CompletableFuture<>();
        // when
        CompletableFuture<Void> done = apply(new MetadataChange.TopicSet(topic("t", ID, alone(0), alone(0))));
        // then
        assertThat(done).isNotDone();
        assertThat(gauge("kafka_server_replicamanager_leadercount")).isZero();
        // when
        store.gate.complete(null);
        // then
        assertThat(done).isCompleted();
        assertThat(replicas.topic(ID).partition(1).role()).isInstanceOf(Role.Leading.class);
        assertThat(gauge("kafka_server_replicamanager_partitioncount")).isEqualTo(2);
        assertThat(gauge("kafka_server_replicamanager_leadercount")).isEqualTo(2);
    }

    @Test
    void shouldTakeUpTheNewestStateWhereSeveralCameWhileItsLogWasOpening() {
        // given
        store.gate = new CompletableFuture<>();
        CompletableFuture<Void> opening = apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        CompletableFuture<Void> moving =
                apply(new MetadataChange.PartitionSet("t", 0, state(2, 1, 1, new int[] {1, 2}, new int[] {2})));
        // when
        store.gate.complete(null);
        // then
        assertThat(opening).isCompleted();
        assertThat(moving).isCompleted();
        assertThat(replicas.partition("t", 0).role()).isInstanceOf(Role.Following.class);
    }

    @Test
    void shouldHoldOnlyItsOwnReplicas() {
        apply(new MetadataChange.TopicSet(topic("t", ID, state(2, 0, 0, new int[] {2}, new int[] {2}), alone(0))));
        assertThat(replicas.partition("t", 0)).isNull();
        assertThat(replicas.partition("t", 1)).isNotNull();
        assertThat(replicas.absence("t", 0).error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(replicas.absence("t", 2).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldDeleteWhatHasGone() {
        // given
        TopicImage topic = topic("t", ID, alone(0));
        apply(new MetadataChange.TopicSet(topic));
        Partition partition = replicas.partition("t", 0);
        // when
        apply(new MetadataChange.TopicSet(new TopicImage("t", ID, topic.partitions(), true)));
        // then  it takes no more work
        assertThat(partition.refusal(-1).error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(store.deleted).isEmpty();
        assertThat(store.cleared).isEmpty();
        // when
        CompletableFuture<Void> done =
                apply(new MetadataChange.TopicGone(replicas.image().topic("t")));
        // then
        assertThat(done).isCompleted();
        assertThat(store.deleted).containsExactly(new TopicPartition("t", 0));
        assertThat(store.cleared).containsExactly(DeletedLog.allOf(ID));
        assertThat(replicas.topic("t")).isNull();
        assertThat(replicas.topic(ID)).isNull();
        assertThat(gauge("kafka_cluster_partition_replicascount", "partition", "0", "topic", "t"))
                .isEqualTo(-1);
    }

    @Test
    void shouldKeepTheLogsOfATopicThatNobodyHasDeleted() {
        // given
        TopicImage topic = topic("t", ID, alone(0));
        apply(new MetadataChange.TopicSet(topic));
        // when   a controller can't read its nodes
        apply(new MetadataChange.TopicGone(topic));
        // then   it is served no more, and kept
        assertThat(replicas.topic("t")).isNull();
        assertThat(store.deleted).isEmpty();
        assertThat(store.cleared).isEmpty();
        // when   it is back
        apply(new MetadataChange.TopicSet(topic));
        // then
        assertThat(replicas.partition("t", 0).role()).isInstanceOf(Role.Leading.class);
        assertThat(store.deleted).isEmpty();
    }

    @Test
    void shouldTakeInMorePartitionsAtOnceThanTheWorkersHaveRoomFor() {
        // given  workers that refuse what goes beyond their queue
        int room = 10_000;
        int count = 2 * room;
        ArrayDeque<Runnable> queue = new ArrayDeque<>();
        Replicas many = new Replicas(
                SELF,
                store,
                set -> TestingTopics.minInSync(1),
                task -> {
                    if (queue.size() == room) {
                        throw new RejectedExecutionException();
                    }
                    queue.add(task);
                },
                metrics);
        PartitionImage[] first = new PartitionImage[count];
        PartitionImage[] second = new PartitionImage[count];
        Arrays.fill(first, alone(0));
        Arrays.fill(second, alone(1));
        many.apply(step(many.image(), new MetadataChange.TopicSet(topic("t", ID, first))));
        // when
        CompletableFuture<Void> done = many.apply(
                        step(many.image(), new MetadataChange.TopicSet(topic("t", ID, second))))
                .toCompletableFuture();
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
        // then
        assertThat(done).isCompleted();
        int[] led = {0};
        many.each(partition -> led[0] += partition.role() instanceof Role.Leading leading
                        && leading.epoch().value() == 1
                ? 1
                : 0);
        assertThat(led[0]).isEqualTo(count);
    }

    @Test
    void shouldDeleteALogThatWasStillOpening() {
        // given
        store.gate = new CompletableFuture<>();
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        CompletableFuture<Void> gone =
                apply(new MetadataChange.TopicGone(replicas.image().topic("t").doomed()));
        assertThat(gone).isNotDone();
        // when
        store.gate.complete(null);
        // then
        assertThat(gone).isCompleted();
        assertThat(store.deleted).containsExactly(new TopicPartition("t", 0));
    }

    @Test
    void shouldReplaceATopicThatWasMadeAnew() {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        Partition before = replicas.partition("t", 0);
        // when
        TopicId other = new TopicId(2, 2);
        apply(new MetadataChange.TopicSet(topic("t", other, alone(0))));
        // then
        assertThat(store.deleted).hasSize(1);
        assertThat(replicas.topic(ID)).isNull();
        assertThat(replicas.topic(other).partition(0)).isNotSameAs(before);
        assertThat(replicas.partition("t", 0).role()).isInstanceOf(Role.Leading.class);
    }

    @Test
    void shouldKeepTheOthersWhereOneLogCannotBeOpened() {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        store.gate = CompletableFuture.failedFuture(new java.io.IOException("disk"));
        // when
        CompletableFuture<Void> done = apply(new MetadataChange.TopicSet(topic("t", ID, alone(0), alone(0))));
        // then
        assertThat(done).isCompleted();
        assertThat(replicas.partition("t", 0).refusal(-1)).isNull();
        assertThat(replicas.partition("t", 1).refusal(-1).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(gauge("kafka_server_replicamanager_offlinereplicacount")).isEqualTo(1);
    }

    @Test
    void shouldTellOfALostReplicaUntilTheClusterKnows() {
        // given
        List<LostReplicas.Replica> lost = new ArrayList<>();
        replicas.listen(lost::add);
        LostReplicas.Replica replica =
                new LostReplicas.Replica(ID, new TopicPartition("t", 0), new LeaderEpoch(0), LostReplicas.Loss.OFFLINE);
        store.gate = CompletableFuture.failedFuture(new java.io.IOException("disk"));
        // when   its log can't be opened
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        // then
        assertThat(lost).containsExactly(replica);
        // when   a controller that has not heard has it lead once more
        apply(new MetadataChange.PartitionSet("t", 0, alone(1)));
        // then
        assertThat(lost)
                .containsExactly(
                        replica,
                        new LostReplicas.Replica(
                                ID, new TopicPartition("t", 0), new LeaderEpoch(1), LostReplicas.Loss.OFFLINE));
        // when   it has heard
        apply(new MetadataChange.PartitionSet(
                "t", 0, state(-1, 2, 2, new int[] {1}, new int[] {1}).losing(SELF)));
        // then
        assertThat(lost).hasSize(2);
        assertThat(replicas.partition("t", 0).refusal(-1).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldTellOfALogThatFailsLater() {
        // given
        List<LostReplicas.Replica> lost = new ArrayList<>();
        replicas.listen(lost::add);
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0), alone(0))));
        assertThat(lost).isEmpty();
        // when
        ((TestingLog) replicas.partition("t", 1).log()).fail();
        // then
        assertThat(lost)
                .containsExactly(new LostReplicas.Replica(
                        ID, new TopicPartition("t", 1), new LeaderEpoch(0), LostReplicas.Loss.OFFLINE));
    }

    @Test
    void shouldPutChangedConfigurationIntoForce() {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, state(1, 0, 0, new int[] {1, 2}, new int[] {1}))));
        // when
        apply(new MetadataChange.ConfigSet(
                ConfigResourceName.topic("t"), new ConfigImage(Map.of("min.insync.replicas", "2"))));
        // then
        assertThat(replicas.partition("t", 0).log().properties().minInSyncReplicas())
                .isEqualTo(2);
        assertThat(gauge("kafka_cluster_partition_underminisr", "partition", "0", "topic", "t"))
                .isEqualTo(1);
        assertThat(gauge("kafka_server_replicamanager_underminisrpartitioncount"))
                .isEqualTo(1);
    }

    @Test
    void shouldHoldAThousandPartitions() {
        PartitionImage[] states = new PartitionImage[1000];
        Arrays.fill(states, alone(0));
        assertThat(apply(new MetadataChange.TopicSet(topic("t", ID, states)))).isCompleted();
        assertThat(gauge("kafka_server_replicamanager_leadercount")).isEqualTo(1000);
    }

    @Test
    void shouldFailWhoeverWaitsWhenItResigns() {
        // given
        apply(new MetadataChange.TopicSet(topic("t", ID, alone(0))));
        Partition partition = replicas.partition("t", 0);
        TestingWaiter waiter = new TestingWaiter(partition, 1);
        partition.await(waiter, (Role.Leading) partition.role(), 1);
        // when
        replicas.resign();
        // then
        assertThat(waiter.ends).hasValue(1);
        assertThat(waiter.how).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldTakeNothingForNewThatItHeldBeforeItStarted() {
        // given  the first image after a start
        apply(new MetadataChange.TopicSet(topic("old", ID, alone(0), state(2, 0, 0, new int[] {2}, new int[] {2}))));
        assertThat(store.made).isEmpty();
        // when  a topic is made, and a partition moves here
        apply(new MetadataChange.TopicSet(topic("new", new TopicId(3, 3), alone(0))));
        apply(new MetadataChange.PartitionSet("old", 1, state(2, 0, 1, new int[] {2, 1}, new int[] {2})));
        // then
        assertThat(store.made).containsExactly(new TopicPartition("new", 0), new TopicPartition("old", 1));
    }
}
