package io.ottla.replication;

import static io.ottla.replication.TestingImages.OTHER;
import static io.ottla.replication.TestingImages.SELF;
import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.brokers;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final TopicId ID = new TopicId(1, 1);
    private static final int[] BOTH = {1, 2};
    private static final int[] OTHER_ALONE = {2};

    private final TestingLogStore store = new TestingLogStore(new TestingFolder(Path.of("data")));
    private final Replicas replicas =
            new Replicas(SELF, store, set -> TestingTopics.minInSync(1), Runnable::run, new Metrics());

    private void apply(MetadataChange... changes) {
        replicas.apply(step(replicas.image(), changes));
    }

    private void applyTopic(PartitionImage... partitions) {
        apply(new MetadataChange.TopicSet(topic("t", ID, partitions)));
    }

    private static MetadataChange lives(BrokerId broker) {
        return new MetadataChange.BrokerSet(new BrokerImage(broker, new BrokerEpoch(7), List.of(), null, Map.of()));
    }

    @Test
    void shouldBeDoneWithoutPartitions() {
        assertThat(replicas.catchUp()).isEqualTo(new CatchUp(0, 0));
        assertThat(replicas.catchUp().isDone()).isTrue();
    }

    @Test
    void shouldCountWhatIsToBeOpened() {
        // given
        store.gate = new CompletableFuture<>();
        apply(lives(SELF), lives(OTHER));
        applyTopic(alone(0), state(2, 0, 0, BOTH, BOTH));
        assertThat(replicas.catchUp()).isEqualTo(new CatchUp(2, 0));

        // when
        store.gate.complete(null);

        // then
        assertThat(replicas.catchUp().isDone()).isTrue();
    }

    @Test
    void shouldCountCopiesOutOfSyncWhoseLeaderLives() {
        // given
        apply(lives(SELF), lives(OTHER));
        applyTopic(state(2, 0, 0, BOTH, OTHER_ALONE), state(2, 0, 0, BOTH, BOTH));
        assertThat(replicas.catchUp()).isEqualTo(new CatchUp(0, 1));
        assertThat(replicas.catchUp().isDone()).isFalse();

        // when
        apply(new MetadataChange.PartitionSet("t", 0, state(2, 0, 1, BOTH, BOTH)));

        // then
        assertThat(replicas.catchUp().isDone()).isTrue();
    }

    @Test
    void shouldNotWaitForABrokerThatIsAway() {
        // given  one partition that the other one leads on paper, one that nobody leads
        apply(lives(SELF));
        applyTopic(state(2, 0, 0, BOTH, OTHER_ALONE), state(-1, 1, 1, BOTH, OTHER_ALONE));

        // then
        assertThat(replicas.catchUp().isDone()).isTrue();
    }

    @Test
    void shouldNotWaitForWhatAReassignmentMoves() {
        // given
        PartitionImage now = state(2, 0, 0, BOTH, OTHER_ALONE);
        apply(lives(SELF), lives(OTHER));
        applyTopic(new PartitionImage(
                now.replicas(),
                brokers(1),
                brokers(),
                now.leader(),
                now.leaderEpoch(),
                now.partitionEpoch(),
                now.controllerEpoch(),
                now.inSync(),
                List.of(),
                BrokerId.NONE,
                false));

        // then
        assertThat(replicas.catchUp().isDone()).isTrue();
    }

    @Test
    void shouldWaitForAFailedFolderOnlyWhereAnotherBrokerHasTheRecords() {
        // given
        store.gate = CompletableFuture.failedFuture(new IllegalStateException("no disk"));
        apply(lives(SELF), lives(OTHER));
        applyTopic(alone(0), state(2, 0, 0, BOTH, OTHER_ALONE));

        // then
        assertThat(replicas.catchUp()).isEqualTo(new CatchUp(0, 1));
    }

    @Test
    void shouldNotWaitForATopicThatIsBeingDeleted() {
        // given
        apply(lives(SELF), lives(OTHER));
        applyTopic(state(2, 0, 0, BOTH, OTHER_ALONE));
        TopicImage topic = replicas.image().topic("t");

        // when
        apply(new MetadataChange.TopicSet(topic.doomed()));

        // then
        assertThat(replicas.catchUp().isDone()).isTrue();
    }
}
