package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigOperation;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves and elections that clients ask for. */
class RequestedMovesTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final BrokerId FOUR = new BrokerId(4);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final TopicPartition OTHER = new TopicPartition("t", 1);
    private static final TopicPartition UNKNOWN = new TopicPartition("t", 9);

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

    private static Errors only(List<PartitionResult> results) {
        assertThat(results).hasSize(1);
        return results.getFirst().failure() == null
                ? Errors.NONE
                : results.getFirst().failure().error();
    }

    private Errors move(TopicPartition partition, boolean mayChangeFactor, BrokerId... target) {
        return only(cluster.await(cluster.controller.reassign(
                List.of(new WantedMove(partition, Arrays.asList(target))), mayChangeFactor)));
    }

    private Errors takeBack(TopicPartition partition) {
        return only(cluster.await(cluster.controller.reassign(List.of(new WantedMove(partition, null)), true)));
    }

    private void propose(BrokerId... inSync) {
        PartitionImage state = now();
        cluster.await(cluster.controller.propose(new InSyncProposal(
                state.leader(),
                new BrokerEpoch(100 + state.leader().value()),
                List.of(new InSyncProposal.Change(
                        cluster.image.topic("t").id(),
                        PARTITION,
                        state.leaderEpoch(),
                        state.partitionEpoch(),
                        Arrays.stream(inSync)
                                .map(id -> new InSyncProposal.Member(id, new BrokerEpoch(100 + id.value())))
                                .toList(),
                        false)))));
    }

    @Test
    void shouldMoveAPartitionWithoutAGap() {
        assertThat(move(PARTITION, true, THREE, FOUR)).isEqualTo(Errors.NONE);
        assertThat(now().replicas()).containsExactly(THREE, FOUR, ONE, TWO);
        assertThat(now().leader()).isEqualTo(ONE);
        propose(ONE, TWO, THREE, FOUR);
        assertThat(now().replicas()).containsExactly(THREE, FOUR);
        assertThat(now().leader()).isEqualTo(THREE);
        assertThat(cluster.store.topics.get("t").partition(0)).isEqualTo(now());
        // and    those who hold it no more are told, though they may be away
        assertThat(cluster.store.deletionNotes).isEqualTo(Map.of("t-0", Set.of(ONE, TWO)));
        // and    nothing stands in the node of old tools
        assertThat(cluster.store.reassignments).isEqualTo(StoredReassignments.NONE);
    }

    @Test
    void shouldDoNothingWhereItIsThereAlready() {
        int writes = cluster.store.writes;
        assertThat(move(PARTITION, true, ONE, TWO)).isEqualTo(Errors.NONE);
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @Test
    void shouldTakeAMoveBack() {
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        move(PARTITION, true, THREE, FOUR);
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.NONE);
        assertThat(now().replicas()).containsExactly(ONE, TWO);
        assertThat(now().isMoving()).isFalse();
    }

    @Test
    void shouldTakeAMoveBackThoughTheReplyOfTheStoreIsLost() {
        move(PARTITION, true, THREE, FOUR);
        cluster.store.fates.add(TestingStore.Fate.WRITTEN_AND_REPLY_LOST);
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.NONE);
        assertThat(now().replicas()).containsExactly(ONE, TWO);
    }

    /** Both old replicas are away, and of the new ones only that is in sync. */
    private void leaveInSync(BrokerId added) {
        move(PARTITION, true, THREE, FOUR);
        propose(ONE, TWO, added);
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), true));
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        assertThat(now().inSync()).containsExactly(added);
    }

    @Test
    void shouldNotTakeBackWhatAloneHasAllRecords() {
        // given
        leaveInSync(THREE);
        PartitionImage before = now();
        // when, then   whichever way it is asked
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(PARTITION, true, ONE, FOUR)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        cluster.store.reassignmentsByHand(Map.of(PARTITION, List.of(ONE, TWO)));
        cluster.settle();
        assertThat(now()).isEqualTo(before);
        // when   one of the old ones is in sync again
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), false));
        propose(THREE, ONE);
        // then
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.NONE);
        assertThat(now().replicas()).containsExactly(ONE, TWO);
        assertThat(now().leader()).isEqualTo(ONE);
    }

    @Test
    void shouldTakeItBackWhereWhoLacksRecordsMayLead() {
        // given
        cluster.store.configByHand("t", Map.of("unclean.leader.election.enable", "true"), cluster.wallMs);
        cluster.settle();
        leaveInSync(THREE);
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT); // nobody is there who could
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), false));
        // when
        assertThat(takeBack(PARTITION)).isEqualTo(Errors.NONE);
        // then
        assertThat(now().replicas()).containsExactly(ONE, TWO);
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(now().recovering()).isTrue();
    }

    @Test
    void shouldEndOnlyWithAsManyInSyncAsThereHaveToBe() {
        // given
        cluster.store.configByHand("t", Map.of("min.insync.replicas", "2"), cluster.wallMs);
        cluster.settle();
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), true));
        move(PARTITION, true, THREE, TWO);
        // when   who is added is in sync, and who stays is not
        propose(ONE, THREE);
        // then
        assertThat(now().isMoving()).isTrue();
        assertThat(now().inSync()).containsExactlyInAnyOrder(ONE, THREE);
        // when
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), false));
        propose(ONE, THREE, TWO);
        // then
        assertThat(now().replicas()).containsExactly(THREE, TWO);
        assertThat(now().inSync()).containsExactlyInAnyOrder(THREE, TWO);
    }

    @Test
    void shouldMoveAwayFromABrokerWhileAnotherReplicaIsAway() {
        // given
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), true));
        cluster.store.brokerGone(2);
        cluster.settle();
        // when   a replica stays that is not there
        assertThat(move(PARTITION, true, THREE, TWO)).isEqualTo(Errors.NONE);
        propose(ONE, THREE);
        // then   no fewer are in sync than before
        assertThat(now().replicas()).containsExactly(THREE, TWO);
        assertThat(now().inSync()).containsExactly(THREE);
    }

    @Test
    void shouldAddNoPartitionsWhileSomeMove() {
        move(OTHER, true, THREE, FOUR);
        assertThat(more(3)).isEqualTo(Errors.REASSIGNMENT_IN_PROGRESS);
        assertThat(takeBack(OTHER)).isEqualTo(Errors.NONE);
        assertThat(more(3)).isEqualTo(Errors.NONE);
        assertThat(cluster.image.topic("t").partition(2).replicas()).hasSize(2);
    }

    private Errors more(int total) {
        Failure failure = cluster.await(
                        cluster.controller.createPartitions(List.of(new MorePartitions("t", total, null)), false))
                .getFirst()
                .failure();
        return failure == null ? Errors.NONE : failure.error();
    }

    @Test
    void shouldRefuseWhatCanNotBe() {
        assertThat(move(UNKNOWN, true, ONE)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(move(PARTITION, true, ONE, new BrokerId(9))).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(PARTITION, true, ONE, ONE)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(PARTITION, true)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(move(PARTITION, false, ONE, TWO, THREE)).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(now().replicas()).containsExactly(ONE, TWO);
    }

    @Test
    void shouldCompareTheNumberOfReplicasWithThatBeforeTheMove() {
        move(PARTITION, true, THREE, FOUR);
        assertThat(move(PARTITION, false, TWO, THREE)).isEqualTo(Errors.NONE);
        assertThat(Reassignment.target(now())).containsExactly(TWO, THREE);
    }

    private List<PartitionResult> elect(ElectionType type, List<TopicPartition> partitions) {
        return cluster.await(cluster.controller.electLeaders(type, partitions));
    }

    @Test
    void shouldElectPreferredLeaders() {
        // given  the preferred one was away, and has caught up with one partition
        assertThat(only(elect(ElectionType.PREFERRED, List.of(PARTITION)))).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), false));
        propose(TWO, ONE);
        // when, then   one is named alone
        assertThat(only(elect(ElectionType.PREFERRED, List.of(OTHER))))
                .isEqualTo(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(only(elect(ElectionType.PREFERRED, List.of(UNKNOWN)))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        // when   all are meant
        assertThat(elect(ElectionType.PREFERRED, null))
                .extracting(PartitionResult::partition)
                .containsExactlyInAnyOrder(PARTITION, OTHER);
        assertThat(now().leader()).isEqualTo(ONE);
        assertThat(elect(ElectionType.PREFERRED, null))
                .extracting(PartitionResult::partition)
                .containsExactly(OTHER);
    }

    @Test
    void shouldElectWhoeverLivesWhereNobodyLeads() {
        // given  the only one in sync is away
        assertThat(only(elect(ElectionType.UNCLEAN, List.of(PARTITION)))).isEqualTo(Errors.ELECTION_NOT_NEEDED);
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), true));
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        assertThat(now().leader()).isEqualTo(BrokerId.NONE);
        assertThat(only(elect(ElectionType.UNCLEAN, List.of(PARTITION))))
                .isEqualTo(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
        // when
        cluster.await(cluster.controller.fence(TWO, new BrokerEpoch(102), false));
        cluster.await(cluster.controller.takeBack(TWO, new BrokerEpoch(102), true));
        assertThat(now().leader()).isEqualTo(BrokerId.NONE);
        assertThat(only(elect(ElectionType.UNCLEAN, List.of(PARTITION)))).isEqualTo(Errors.NONE);
        // then
        assertThat(now().leader()).isEqualTo(TWO);
        assertThat(cluster.image.partition(OTHER).leader()).isEqualTo(BrokerId.NONE);
    }

    @Test
    void shouldLeaveANoteToEachReplicaWhoseTopicGoes() {
        cluster.await(cluster.controller.deleteTopics(
                List.of(new DoomedTopic("t", cluster.image.topic("t").id()))));
        assertThat(cluster.store.topics).isEmpty();
        assertThat(cluster.store.deletionNotes).isEqualTo(Map.of("t", Set.of(ONE, TWO)));
    }

    private Errors unregister(BrokerId broker) {
        return cluster.await(cluster.controller.unregister(broker))
                .map(Failure::error)
                .orElse(Errors.NONE);
    }

    @Test
    void shouldForgetABrokerThatHasGoneForGood() {
        // given  it runs, then has replicas
        assertThat(unregister(TWO)).isEqualTo(Errors.INVALID_REQUEST);
        cluster.store.brokerGone(2);
        cluster.settle();
        assertThat(unregister(TWO)).isEqualTo(Errors.INVALID_REQUEST);
        // when   its topic goes, of which it does not hear
        cluster.await(cluster.controller.deleteTopics(
                List.of(new DoomedTopic("t", cluster.image.topic("t").id()))));
        // then
        assertThat(unregister(TWO)).isEqualTo(Errors.NONE);
        assertThat(cluster.store.deletionNotes.get("t")).containsExactly(ONE);
        assertThat(unregister(TWO)).isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
        // and    what is set for one goes too
        ConfigResourceName own = ConfigResourceName.broker(9);
        cluster.await(cluster.controller.alterConfigs(
                List.of(new AlteredConfig(own, List.of(ConfigOperation.set("a", "b")), false)), false));
        assertThat(unregister(new BrokerId(9))).isEqualTo(Errors.NONE);
        assertThat(cluster.image.configs()).doesNotContainKey(own);
    }
}
