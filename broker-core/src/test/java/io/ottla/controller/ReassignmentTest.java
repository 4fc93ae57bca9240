package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePVector;

/** Moves of partitions and elections of preferred replicas, asked for by nodes. */
class ReassignmentTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final BrokerId FOUR = new BrokerId(4);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final TopicPartition OTHER = new TopicPartition("t", 1);

    private final TestingCluster cluster = new TestingCluster();

    /** Topic "t" of two partitions, both on brokers 1 and 2 out of four. */
    @BeforeEach
    void elect() {
        cluster.store.broker(1, null).broker(2, null).broker(3, null).broker(4, null);
        cluster.elect();
        List<BrokerId> replicas = List.of(ONE, TWO);
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic(
                        "t",
                        -1,
                        (short) -1,
                        List.of(new NewTopic.Assignment(0, replicas), new NewTopic.Assignment(1, replicas)),
                        Map.of())),
                false));
    }

    private PartitionImage now() {
        return cluster.image.partition(PARTITION);
    }

    private void move(TopicPartition partition, BrokerId... target) {
        cluster.store.reassignmentsByHand(Map.of(partition, Arrays.asList(target)));
        cluster.settle();
    }

    private InSyncResult propose(TopicPartition partition, BrokerId... inSync) {
        PartitionImage state = cluster.image.partition(partition);
        return cluster.await(cluster.controller.propose(new InSyncProposal(
                        state.leader(),
                        new BrokerEpoch(100 + state.leader().value()),
                        List.of(new InSyncProposal.Change(
                                cluster.image.topic("t").id(),
                                partition,
                                state.leaderEpoch(),
                                state.partitionEpoch(),
                                Arrays.stream(inSync)
                                        .map(id -> new InSyncProposal.Member(id, new BrokerEpoch(100 + id.value())))
                                        .toList(),
                                false)))))
                .getFirst();
    }

    private void assertStored() {
        assertThat(cluster.store.topics.get("t")).isEqualTo(cluster.image.topic("t"));
    }

    @Test
    void shouldKeepTheOldReplicasUntilAllNewOnesAreInSync() {
        // when
        move(PARTITION, THREE, FOUR);
        // then
        assertThat(now().replicas()).containsExactly(THREE, FOUR, ONE, TWO);
        assertThat(now().adding()).containsExactly(THREE, FOUR);
        assertThat(now().removing()).containsExactly(ONE, TWO);
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(now().leaderEpoch()).isEqualTo(new LeaderEpoch(0));
        assertThat(now().inSync()).containsExactly(ONE, TWO);
        assertStored();
        assertThat(cluster.store.reassignments.isThere()).isTrue();
        // when   one of them is in sync
        propose(PARTITION, ONE, TWO, FOUR);
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(now().isMoving()).isTrue();
        // when   all are
        InSyncResult result = propose(PARTITION, ONE, TWO, FOUR, THREE);
        // then   one of them leads, the old ones are gone, and whoever asked for it sees that
        assertThat(((InSyncResult.Refused) result).failure().error()).isEqualTo(Errors.NEW_LEADER_ELECTED);
        assertThat(now().replicas()).containsExactly(THREE, FOUR);
        assertThat(now().leader()).isEqualTo(THREE);
        assertThat(now().leaderEpoch()).isEqualTo(new LeaderEpoch(1));
        assertThat(now().inSync()).containsExactlyInAnyOrder(THREE, FOUR);
        assertThat(now().isMoving()).isFalse();
        assertStored();
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
    }

    @Test
    void shouldKeepTheLeaderWhereItStays() {
        move(PARTITION, TWO, ONE, THREE);
        InSyncResult result = propose(PARTITION, ONE, TWO, THREE);
        assertThat(result).isInstanceOf(InSyncResult.Committed.class);
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(now().leaderEpoch()).isEqualTo(new LeaderEpoch(0));
        assertThat(now().replicas()).containsExactly(TWO, ONE, THREE);
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
        assertStored();
    }

    @Test
    void shouldEndAtOnceWhereNobodyIsAdded() {
        move(PARTITION, TWO);
        assertThat(now().replicas()).containsExactly(TWO);
        assertThat(now().leader()).isEqualTo(TWO);
        assertThat(now().inSync()).containsExactly(TWO);
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
        assertStored();
    }

    /** Somebody writes a topic that is on its way from broker 1 to broker 3, and that nobody has led yet. */
    private PartitionImage written(BrokerId... replicas) {
        PartitionImage unborn = PartitionImage.unborn(List.of(replicas), List.of(THREE), List.of(ONE));
        cluster.store.topicByHand(new TopicImage("fresh", TopicId.ZERO, TreePVector.singleton(unborn), false));
        cluster.settle();
        return cluster.image.partition(new TopicPartition("fresh", 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndAtOnceWhereTheNodeWasWrittenByHandAndNobodyHasLedYet(boolean leaderGoes) {
        // when
        PartitionImage born = leaderGoes ? written(ONE, THREE, TWO) : written(THREE, ONE, TWO);
        // then   all its replicas begin in sync, so that there is nothing to wait for
        assertThat(born.replicas()).containsExactly(THREE, TWO);
        assertThat(born.inSync()).containsExactlyInAnyOrder(THREE, TWO);
        assertThat(born.leader()).isEqualTo(THREE);
        assertThat(born.isMoving()).isFalse();
        assertThat(cluster.store.topics.get("fresh").partition(0)).isEqualTo(born);
    }

    @Test
    void shouldWaitForWhoIsAddedByHandAndIsNotThere() {
        cluster.store.brokerGone(3);
        PartitionImage born = written(THREE, ONE, TWO);
        assertThat(born.replicas()).containsExactly(THREE, ONE, TWO);
        assertThat(born.inSync()).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(born.isMoving()).isTrue();
    }

    @Test
    void shouldEndAtOnceWhereAHandWrittenMoveNamesOnlyThoseInSync() {
        // when   the topic's node says that broker 2, which is in sync, is added, and that 1 goes
        TopicImage topic = cluster.image.topic("t");
        PartitionImage by = now();
        cluster.store.topicByHand(topic.with(
                0,
                new PartitionImage(
                        List.of(TWO, ONE),
                        List.of(TWO),
                        List.of(ONE),
                        by.leader(),
                        by.leaderEpoch(),
                        by.partitionEpoch(),
                        by.controllerEpoch(),
                        by.inSync(),
                        by.eligible(),
                        by.lastKnownLeader(),
                        by.recovering(),
                        by.offline())));
        cluster.settle();
        // then
        assertThat(now().replicas()).containsExactly(TWO);
        assertThat(now().leader()).isEqualTo(TWO);
        assertThat(now().isMoving()).isFalse();
        assertStored();
    }

    @Test
    void shouldTurnAMoveElsewhereWhenSomeOfItIsInSync() {
        // given  one of those that are added is in sync, and no longer wanted
        move(PARTITION, ONE, THREE, FOUR);
        propose(PARTITION, ONE, TWO, THREE);
        // when
        move(PARTITION, ONE, FOUR);
        // then   nobody is in sync who has no replica
        assertThat(now().replicas()).containsExactly(ONE, FOUR, TWO);
        assertThat(now().inSync()).containsExactlyInAnyOrder(ONE, TWO);
        assertStored();
    }

    @Test
    void shouldTakeAMoveBack() {
        // given
        move(PARTITION, THREE, FOUR);
        propose(PARTITION, ONE, TWO, FOUR);
        // when
        move(PARTITION, ONE, TWO);
        // then
        assertThat(now().replicas()).containsExactly(ONE, TWO);
        assertThat(now().inSync()).containsExactly(ONE, TWO);
        assertThat(now().isMoving()).isFalse();
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
        assertStored();
    }

    @Test
    void shouldTurnAMoveElsewhere() {
        move(PARTITION, ONE, THREE);
        move(PARTITION, ONE, FOUR);
        assertThat(now().replicas()).containsExactly(ONE, FOUR, TWO);
        assertThat(now().adding()).containsExactly(FOUR);
        assertThat(now().removing()).containsExactly(TWO);
        assertStored();
    }

    @Test
    void shouldNameInTheNodeWhatIsNotDone() {
        // given
        cluster.store.reassignmentsByHand(Map.of(
                PARTITION,
                List.of(ONE, THREE),
                OTHER,
                List.of(ONE, FOUR),
                new TopicPartition("unknown", 0),
                List.of(ONE),
                new TopicPartition("t", 7),
                List.of(ONE)));
        cluster.settle();
        assertThat(cluster.store.reassignments.targets()).containsOnlyKeys(PARTITION, OTHER);
        // when
        propose(OTHER, ONE, TWO, FOUR);
        // then
        assertThat(cluster.store.reassignments.targets()).containsOnlyKeys(PARTITION);
        // when   another controller goes on
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.elect();
        assertThat(now().isMoving()).isTrue();
        propose(PARTITION, ONE, TWO, THREE);
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
        assertThat(now().replicas()).containsExactly(ONE, THREE);
        assertStored();
    }

    @Test
    void shouldLeaveOutWhatCanNotBe() {
        move(PARTITION, ONE, new BrokerId(9));
        move(PARTITION, ONE, ONE);
        move(PARTITION);
        assertThat(now().replicas()).containsExactly(ONE, TWO);
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
    }

    @Test
    void shouldGoOnThoughTheReplyWasLost() {
        cluster.store.fates.add(TestingStore.Fate.WRITTEN_AND_REPLY_LOST);
        move(PARTITION, ONE, THREE);
        assertThat(now().adding()).containsExactly(THREE);
        cluster.store.fates.add(TestingStore.Fate.LOST);
        propose(PARTITION, ONE, TWO, THREE);
        assertThat(now().replicas()).containsExactly(ONE, THREE);
        assertStored();
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
    }

    @Test
    void shouldHaveThePreferredReplicaLead() {
        // given  it was away, and has caught up
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), false));
        propose(PARTITION, TWO, ONE);
        assertThat(now().leader()).isEqualTo(TWO);
        // when
        cluster.store.electionsByHand(Set.of(PARTITION, OTHER, new TopicPartition("unknown", 0)));
        cluster.settle();
        // then   where it has not caught up all stays as it is
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(now().leaderEpoch()).isEqualTo(new LeaderEpoch(2));
        assertThat(now().inSync()).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(cluster.image.partition(OTHER).leader()).isEqualTo(TWO);
        assertThat(cluster.store.elections.isThere()).isFalse();
        assertStored();
    }
}
