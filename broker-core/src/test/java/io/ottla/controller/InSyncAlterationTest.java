package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In-sync sets as leaders have them committed. */
class InSyncAlterationTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final TestingCluster cluster = new TestingCluster();
    private TopicId topicId;

    /** Topic "t" of two partitions on brokers 1, 2 and 3, of which the first leads; min.insync.replicas is 2. */
    @BeforeEach
    void elect() {
        cluster.store.features =
                new FeaturesImage(Map.of(ElectionRules.ELIGIBLE_REPLICAS, (short) 1), cluster.store.features.epoch());
        cluster.store.broker(1, null).broker(2, null).broker(3, null);
        cluster.elect();
        List<BrokerId> replicas = List.of(ONE, TWO, THREE);
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic(
                        "t",
                        -1,
                        (short) -1,
                        List.of(new NewTopic.Assignment(0, replicas), new NewTopic.Assignment(1, replicas)),
                        Map.of("min.insync.replicas", "2"))),
                false));
        topicId = cluster.image.topic("t").id();
    }

    private PartitionImage now() {
        return cluster.image.partition(PARTITION);
    }

    private static InSyncProposal.Member member(BrokerId id) {
        return new InSyncProposal.Member(id, new BrokerEpoch(100 + id.value()));
    }

    private InSyncProposal.Change change(int leaderEpoch, int partitionEpoch, BrokerId... inSync) {
        return new InSyncProposal.Change(
                topicId,
                PARTITION,
                new LeaderEpoch(leaderEpoch),
                new PartitionEpoch(partitionEpoch),
                Arrays.stream(inSync).map(InSyncAlterationTest::member).toList(),
                false);
    }

    private InSyncProposal.Change next(BrokerId... inSync) {
        return change(now().leaderEpoch().value(), now().partitionEpoch().value(), inSync);
    }

    private CompletionStage<List<InSyncResult>> ask(BrokerId leader, InSyncProposal.Change... changes) {
        return cluster.controller.propose(
                new InSyncProposal(leader, new BrokerEpoch(100 + leader.value()), Arrays.asList(changes)));
    }

    private InSyncResult propose(BrokerId leader, InSyncProposal.Change change) {
        return cluster.await(ask(leader, change)).getFirst();
    }

    private static Errors error(InSyncResult result) {
        return result instanceof InSyncResult.Refused refused
                ? refused.failure().error()
                : Errors.NONE;
    }

    @Test
    void shouldCommitASetThatTheLeaderProposes() {
        // when
        InSyncResult result = propose(ONE, next(ONE, TWO));
        // then   it is in the store, published, and answered with the epoch that it has there
        assertThat(result)
                .isEqualTo(new InSyncResult.Committed(
                        PARTITION, ONE, new LeaderEpoch(0), List.of(ONE, TWO), false, new PartitionEpoch(1)));
        assertThat(now().inSync()).containsExactly(ONE, TWO);
        assertThat(now().partitionEpoch()).isEqualTo(new PartitionEpoch(1));
        assertThat(cluster.store.topics.get("t").partition(0)).isEqualTo(now());
        // when   the follower has caught up again
        assertThat(error(propose(ONE, next(ONE, TWO, THREE)))).isEqualTo(Errors.NONE);
        assertThat(now().inSync()).containsExactly(ONE, TWO, THREE);
    }

    @Test
    void shouldAnswerBeforeOtherBrokersActByIt() {
        cluster.inForce = new CompletableFuture<>();
        assertThat(error(propose(ONE, next(ONE, TWO)))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAnswerWhatIsInForceAlreadyAsCommitted() {
        // given  a proposal that was committed, but whose answer got lost
        InSyncProposal.Change change = next(ONE, TWO);
        propose(ONE, change);
        int writes = cluster.store.writes;
        // when   it is asked again
        InSyncResult again = propose(ONE, change);
        // then
        assertThat(again)
                .isEqualTo(new InSyncResult.Committed(
                        PARTITION, ONE, new LeaderEpoch(0), List.of(ONE, TWO), false, new PartitionEpoch(1)));
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @ParameterizedTest
    @EnumSource(
            value = TestingStore.Fate.class,
            names = {"WRITTEN_AND_REPLY_LOST", "LOST"})
    void shouldFindOutWhatBecameOfAWriteWhoseReplyWasLost(TestingStore.Fate fate) {
        cluster.store.fates.add(fate);
        assertThat(propose(ONE, next(ONE, THREE)))
                .isEqualTo(new InSyncResult.Committed(
                        PARTITION, ONE, new LeaderEpoch(0), List.of(ONE, THREE), false, new PartitionEpoch(1)));
        assertThat(cluster.store.topics.get("t").partition(0)).isEqualTo(now());
    }

    @Test
    void shouldRefuseWhoDoesNotLeadAsItThinks() {
        propose(ONE, next(ONE, TWO, THREE));
        assertThat(error(propose(ONE, change(1, 0, ONE, TWO)))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(error(propose(ONE, change(0, 1, ONE, TWO)))).isEqualTo(Errors.NOT_CONTROLLER);
        assertThat(error(propose(TWO, change(0, 0, TWO)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(propose(new BrokerId(4), change(0, 0, ONE)))).isEqualTo(Errors.STALE_BROKER_EPOCH);
        List<InSyncResult> ofOldEpoch = cluster.await(
                cluster.controller.propose(new InSyncProposal(ONE, new BrokerEpoch(1), List.of(change(0, 0, ONE)))));
        assertThat(error(ofOldEpoch.getFirst())).isEqualTo(Errors.STALE_BROKER_EPOCH);
        // given  another leader
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        assertThat(error(propose(ONE, change(0, 0, ONE)))).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(now().leader()).isEqualTo(TWO);
        assertThat(now().inSync()).containsExactly(TWO, THREE);
    }

    @Test
    void shouldRefuseWhatStartsFromAnotherState() {
        propose(ONE, next(ONE, TWO));
        assertThat(error(propose(ONE, change(0, 0, ONE)))).isEqualTo(Errors.INVALID_UPDATE_VERSION);
    }

    @Test
    void shouldRefuseSetsThatCanNotBe() {
        assertThat(error(propose(ONE, next()))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(propose(ONE, next(TWO)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(propose(ONE, next(ONE, ONE)))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(propose(ONE, next(ONE, new BrokerId(4))))).isEqualTo(Errors.INVALID_REQUEST);
        InSyncProposal.Change recovering = new InSyncProposal.Change(
                topicId, PARTITION, new LeaderEpoch(0), new PartitionEpoch(0), List.of(member(ONE)), true);
        assertThat(error(propose(ONE, recovering))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(now().partitionEpoch()).isEqualTo(new PartitionEpoch(0));
    }

    @Test
    void shouldRefuseWhatIsNotThere() {
        InSyncProposal.Change unknownTopic = new InSyncProposal.Change(
                new TopicId(3, 4), PARTITION, new LeaderEpoch(0), new PartitionEpoch(0), List.of(member(ONE)), false);
        InSyncProposal.Change unknownPartition = new InSyncProposal.Change(
                topicId,
                new TopicPartition("t", 2),
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                List.of(member(ONE)),
                false);
        List<InSyncResult> results = cluster.await(ask(ONE, unknownTopic, unknownPartition, next(ONE, TWO)));
        assertThat(results)
                .extracting(InSyncAlterationTest::error)
                .containsExactly(Errors.UNKNOWN_TOPIC_ID, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE);
    }

    @Test
    void shouldNotAskWhoIsInSyncForAnEpochThatItsLeaderHasNotSeenYet() {
        // given  a follower that has left, and one that stayed
        propose(ONE, next(ONE, TWO));
        // when   its leader proposes the one, and knows the other by an epoch of before: it has registered anew since
        InSyncProposal.Change both = new InSyncProposal.Change(
                topicId,
                PARTITION,
                now().leaderEpoch(),
                now().partitionEpoch(),
                List.of(member(ONE), new InSyncProposal.Member(TWO, new BrokerEpoch(77)), member(THREE)),
                false);
        // then   the one joins: had the other been restarted, it would be in sync no longer
        assertThat(error(propose(ONE, both))).isEqualTo(Errors.NONE);
        assertThat(now().inSync()).containsExactlyInAnyOrder(ONE, TWO, THREE);
    }

    @Test
    void shouldTakeInOnlyWhoIsLiveAndStays() {
        // given  a follower that has left the in-sync set
        propose(ONE, next(ONE, TWO));
        // then   an earlier incarnation of it is not meant
        InSyncProposal.Change ofOld = new InSyncProposal.Change(
                topicId,
                PARTITION,
                now().leaderEpoch(),
                now().partitionEpoch(),
                List.of(member(ONE), member(TWO), new InSyncProposal.Member(THREE, new BrokerEpoch(77))),
                false);
        assertThat(error(propose(ONE, ofOld))).isEqualTo(Errors.INELIGIBLE_REPLICA);
        // when   it is fenced
        cluster.await(cluster.controller.fence(THREE, new BrokerEpoch(103), true));
        assertThat(error(propose(ONE, next(ONE, TWO, THREE)))).isEqualTo(Errors.INELIGIBLE_REPLICA);
        // when   it is back, but wants to shut down
        cluster.await(cluster.controller.fence(THREE, new BrokerEpoch(103), false));
        cluster.await(cluster.controller.depart(THREE, new BrokerEpoch(103)));
        assertThat(error(propose(ONE, next(ONE, TWO, THREE)))).isEqualTo(Errors.INELIGIBLE_REPLICA);
        // when   it has registered anew
        cluster.store.broker(3, null, 500);
        cluster.settle();
        assertThat(error(propose(ONE, next(ONE, TWO, THREE)))).isEqualTo(Errors.INELIGIBLE_REPLICA);
        InSyncProposal.Change asItIs = new InSyncProposal.Change(
                topicId,
                PARTITION,
                now().leaderEpoch(),
                now().partitionEpoch(),
                List.of(member(ONE), member(TWO), new InSyncProposal.Member(THREE, new BrokerEpoch(500))),
                false);
        assertThat(error(propose(ONE, asItIs))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldWriteManyOfOneTurnTogether() {
        // given
        InSyncProposal.Change second = new InSyncProposal.Change(
                topicId,
                new TopicPartition("t", 1),
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                List.of(member(ONE), member(THREE)),
                false);
        int writes = cluster.store.writes;
        // when
        cluster.tell(new ControllerElection.Event.Suspended());
        CompletionStage<List<InSyncResult>> first = ask(ONE, next(ONE, TWO));
        CompletionStage<List<InSyncResult>> other = ask(ONE, second);
        cluster.tell(new ControllerElection.Event.Resumed());
        // then
        assertThat(error(cluster.await(first).getFirst())).isEqualTo(Errors.NONE);
        assertThat(error(cluster.await(other).getFirst())).isEqualTo(Errors.NONE);
        assertThat(cluster.store.writes).isEqualTo(writes + 1);
    }

    @Test
    void shouldTellOfWhatElseWasDecidedInTheSameTurn() {
        // given  the leader proposes, and is fenced before anybody has written that
        List<CompletionStage<?>> asked = new ArrayList<>();
        cluster.tell(new ControllerElection.Event.Suspended());
        CompletionStage<List<InSyncResult>> answer = ask(ONE, next(ONE, THREE));
        CompletionStage<List<InSyncResult>> next = ask(ONE, change(0, 0, ONE, TWO));
        asked.add(cluster.controller.fence(ONE, new BrokerEpoch(101), true));
        // when   all is decided in one turn
        cluster.tell(new ControllerElection.Event.Resumed());
        // then   the new leader is out of the set as it was taken
        assertThat(error(cluster.await(answer).getFirst())).isEqualTo(Errors.NEW_LEADER_ELECTED);
        assertThat(error(cluster.await(next).getFirst())).isEqualTo(Errors.INVALID_UPDATE_VERSION);
        assertThat(now().leader()).isEqualTo(THREE);
        assertThat(now().partitionEpoch()).isEqualTo(new PartitionEpoch(1));
        assertThat(cluster.store.topics.get("t").partition(0)).isEqualTo(now());
        assertThat(asked).allMatch(stage -> stage.toCompletableFuture().isDone());
    }

    @Test
    void shouldKeepWhoLeavesATooSmallSetEligible() {
        // when   fewer than two are in sync
        propose(ONE, next(ONE, TWO));
        assertThat(now().eligible()).isEmpty();
        propose(ONE, next(ONE));
        // then
        assertThat(now().eligible()).containsExactly(TWO);
        // when   there are enough again
        propose(ONE, next(ONE, THREE));
        assertThat(now().eligible()).isEmpty();
        // when   a smaller set is enough
        propose(ONE, next(ONE));
        assertThat(now().eligible()).containsExactly(THREE);
        cluster.store.configByHand("t", Map.of("min.insync.replicas", "1"), cluster.wallMs);
        cluster.settle();
        assertThat(now().eligible()).isEmpty();
        assertThat(cluster.store.topics.get("t").partition(0)).isEqualTo(now());
    }

    @Test
    void shouldKeepNobodyEligibleBesideALeaderThatDoesNotKnowOfIt() {
        // given  a leader of an older release
        cluster.store.brokers.replaceAll((id, broker) -> new io.ottla.metadata.BrokerImage(
                broker.id(), broker.epoch(), broker.endpoints(), broker.rack(), Map.of()));
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.elect();
        // when
        propose(ONE, next(ONE));
        // then
        assertThat(now().inSync()).containsExactly(ONE);
        assertThat(now().eligible()).isEmpty();
    }

    @Test
    void shouldDropTheSetsOfOtherTopicsOfThatName() {
        // given  a topic that was deleted and made again
        TopicId before = topicId;
        cluster.await(cluster.controller.deleteTopics(List.of(new DoomedTopic("t", TopicId.ZERO))));
        elect();
        // when
        InSyncResult result = propose(
                ONE,
                new InSyncProposal.Change(
                        before, PARTITION, new LeaderEpoch(0), new PartitionEpoch(0), List.of(member(ONE)), false));
        // then
        assertThat(error(result)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(cluster.steps.getLast().changes()).noneMatch(step -> step instanceof MetadataChange.PartitionSet);
    }
}
