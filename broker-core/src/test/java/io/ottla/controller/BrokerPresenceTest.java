package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.LostReplicas;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of partitions when brokers fall silent, leave, and come back. */
class BrokerPresenceTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);

    private final TestingCluster cluster = new TestingCluster();

    /** Topics "all" on brokers 1, 2 and 3 with min.insync.replicas of 2, "two" on 1 and 2, "one" on 1. */
    @BeforeEach
    void elect() {
        cluster.store.features =
                new FeaturesImage(Map.of(ElectionRules.ELIGIBLE_REPLICAS, (short) 1), cluster.store.features.epoch());
        cluster.store.broker(1, null).broker(2, null).broker(3, null);
        cluster.elect();
        cluster.await(cluster.controller.createTopics(
                List.of(made("all", "2", ONE, TWO, THREE), made("two", "1", ONE, TWO), made("one", "1", ONE)), false));
    }

    private static NewTopic made(String name, String minInSync, BrokerId... replicas) {
        return new NewTopic(
                name,
                -1,
                (short) -1,
                List.of(new NewTopic.Assignment(0, Arrays.asList(replicas))),
                Map.of("min.insync.replicas", minInSync));
    }

    private PartitionImage partition(String topic) {
        return cluster.image.topic(topic).partition(0);
    }

    private static BrokerEpoch epoch(int broker) {
        return new BrokerEpoch(100 + broker);
    }

    private Errors fence(int broker) {
        return error(cluster.await(cluster.controller.fence(new BrokerId(broker), epoch(broker), true)));
    }

    private Errors unfence(int broker) {
        return error(cluster.await(cluster.controller.fence(new BrokerId(broker), epoch(broker), false)));
    }

    private static Errors error(Optional<Failure> failure) {
        return failure.map(Failure::error).orElse(Errors.NONE);
    }

    /** The process is killed, and another one comes in its place. */
    private void crash(int broker, long epoch, boolean clean) {
        cluster.store.broker(broker, null, epoch);
        cluster.settle();
        assertThat(error(cluster.await(
                        cluster.controller.takeBack(new BrokerId(broker), new BrokerEpoch(epoch), clean))))
                .isEqualTo(Errors.NONE);
    }

    private void gone(int broker) {
        cluster.store.brokerGone(broker);
        cluster.settle();
    }

    private void assertState(
            String topic, BrokerId leader, int leaderEpoch, List<BrokerId> inSync, BrokerId... eligible) {
        assertThat(partition(topic).leader()).isEqualTo(leader);
        assertThat(partition(topic).leaderEpoch()).isEqualTo(new LeaderEpoch(leaderEpoch));
        assertThat(partition(topic).inSync()).isEqualTo(inSync);
        assertThat(partition(topic).eligible()).containsExactly(eligible);
        assertThat(cluster.store.topics.get(topic).partition(0)).isEqualTo(partition(topic));
    }

    @Test
    void shouldHaveOthersLeadWhatASilentBrokerLedInOneTurn() {
        int steps = cluster.steps.size();
        // when
        assertThat(fence(1)).isEqualTo(Errors.NONE);
        // then   all in one step; the last of an in-sync set stays in it
        assertThat(cluster.steps).hasSize(steps + 1);
        assertThat(cluster.image.brokers()).containsOnlyKeys(TWO, THREE);
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("two", TWO, 1, List.of(TWO));
        assertState("one", BrokerId.NONE, 1, List.of(ONE));
        // when   it is told again
        assertThat(fence(1)).isEqualTo(Errors.NONE);
        assertThat(cluster.steps).hasSize(steps + 1);
        // when   the broker is heard again
        assertThat(unfence(1)).isEqualTo(Errors.NONE);
        // then   it is a replica that has to catch up, but leads what nobody else has
        assertThat(cluster.image.brokers()).containsOnlyKeys(ONE, TWO, THREE);
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("one", ONE, 2, List.of(ONE));
    }

    @Test
    void shouldNotBeDeceivedByNewsOfAnEarlierIncarnation() {
        gone(1);
        cluster.store.broker(1, null, 500);
        cluster.settle();
        assertThat(fence(1)).isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(cluster.image.brokers()).containsKey(ONE);
    }

    @Test
    void shouldForgetThatABrokerIsFencedWhenItRegistersAnew() {
        fence(1);
        cluster.store.broker(1, null, 500);
        cluster.settle();
        assertThat(cluster.image.brokers().get(ONE).epoch()).isEqualTo(new BrokerEpoch(500));
        assertState("one", ONE, 2, List.of(ONE));
    }

    @Test
    void shouldKeepABrokerFencedWhenAnotherRegisters() {
        fence(1);
        cluster.store.broker(4, null);
        cluster.settle();
        assertThat(cluster.image.brokers()).containsOnlyKeys(TWO, THREE, new BrokerId(4));
    }

    @Test
    void shouldKeepABrokerFencedWhenTheStoreIsReadAgain() {
        fence(1);
        cluster.store.fates.add(TestingStore.Fate.LOST);
        cluster.await(cluster.controller.createTopics(List.of(made("later", "1", TWO)), false));
        assertThat(cluster.image.topic("later")).isNotNull();
        assertThat(cluster.image.brokers()).containsOnlyKeys(TWO, THREE);
        // when   another term begins, the broker has its chance
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.elect();
        assertThat(cluster.image.brokers()).containsOnlyKeys(ONE, TWO, THREE);
    }

    @Test
    void shouldFenceAlsoWhereTheReplyOfTheStoreWasLost() {
        cluster.store.fates.add(TestingStore.Fate.WRITTEN_AND_REPLY_LOST);
        assertThat(fence(1)).isEqualTo(Errors.NONE);
        assertThat(cluster.image.brokers()).containsOnlyKeys(TWO, THREE);
        assertState("all", TWO, 1, List.of(TWO, THREE));
    }

    @Test
    void shouldRememberLostReplicasOfAFencedBroker() {
        // given
        cluster.await(cluster.controller.replicasLost(new LostReplicas(
                ONE,
                epoch(1),
                List.of(new LostReplicas.Replica(
                        cluster.image.topic("one").id(),
                        new TopicPartition("one", 0),
                        new LeaderEpoch(0),
                        LostReplicas.Loss.OFFLINE)))));
        // when
        fence(1);
        cluster.store.broker(4, null);
        cluster.settle();
        unfence(1);
        // then
        assertThat(partition("one").leader()).isEqualTo(BrokerId.NONE);
        assertThat(partition("one").offline()).containsExactly(ONE);
    }

    @Test
    void shouldPlaceNewReplicasOnFencedBrokersLast() {
        // given
        fence(1);
        // when
        cluster.await(cluster.controller.createTopics(
                List.of(
                        new NewTopic("small", 4, (short) 2, List.of(), Map.of()),
                        new NewTopic("large", 4, (short) 3, List.of(), Map.of())),
                false));
        // then
        assertThat(cluster.image.topic("small").partitions())
                .allMatch(partition -> !partition.replicas().contains(ONE));
        assertThat(cluster.image.topic("large").partitions())
                .hasSize(4)
                .allMatch(partition -> partition.replicas().getLast().equals(ONE)
                        && partition.inSync().size() == 2
                        && !partition.leader().equals(ONE));
        // when   nobody else is left
        fence(2);
        fence(3);
        List<TopicResult> results = cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic("placed", 1, (short) 1, List.of(), Map.of()), made("assigned", "1", ONE, TWO)),
                false));
        assertThat(results)
                .extracting(result -> ((TopicResult.Refused) result).failure().error())
                .containsExactly(Errors.INVALID_REPLICATION_FACTOR, Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void shouldHandOnWhatABrokerLeadsThatShutsDown() {
        // when   it asks, and others have not acted yet
        cluster.inForce = new CompletableFuture<>();
        CompletionStage<Departure> answer = cluster.controller.depart(ONE, epoch(1));
        assertThat(cluster.await(answer)).isNull();
        cluster.inForce.complete(null);
        // then   what nobody else has stays with it
        assertThat(cluster.await(answer)).isEqualTo(new Departure(null, 1, 0));
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("two", TWO, 1, List.of(TWO));
        assertState("one", ONE, 0, List.of(ONE));
        // then   it is given nothing new
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic("new", 6, (short) 2, List.of(), Map.of())), false));
        assertThat(cluster.image.topic("new").partitions())
                .allMatch(partition -> !partition.replicas().contains(ONE));
        fence(2);
        fence(3);
        assertThat(partition("all").leader()).isEqualTo(BrokerId.NONE);
        assertThat(partition("all").inSync()).containsExactly(THREE);
        assertThat(partition("all").eligible()).containsExactly(TWO);
    }

    @Test
    void shouldHandOnWhatAFollowerCatchesUpOnWhileItsLeaderShutsDown() {
        // given  a follower behind
        fence(2);
        unfence(2);
        assertState("two", ONE, 0, List.of(ONE));
        assertThat(cluster.await(cluster.controller.depart(ONE, epoch(1)))).isEqualTo(new Departure(null, 2, 1));
        // when   it has caught up
        PartitionImage now = partition("two");
        cluster.await(cluster.controller.propose(new InSyncProposal(
                ONE,
                epoch(1),
                List.of(new InSyncProposal.Change(
                        cluster.image.topic("two").id(),
                        new TopicPartition("two", 0),
                        now.leaderEpoch(),
                        now.partitionEpoch(),
                        List.of(new InSyncProposal.Member(ONE, epoch(1)), new InSyncProposal.Member(TWO, epoch(2))),
                        false)))));
        // then
        assertState("two", TWO, 1, List.of(TWO));
        assertThat(cluster.await(cluster.controller.depart(ONE, epoch(1)))).isEqualTo(new Departure(null, 1, 0));
        assertThat(cluster.await(cluster.controller.depart(ONE, new BrokerEpoch(5)))
                        .failure()
                        .error())
                .isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    @Test
    void shouldComeBackByItselfWhenAllHaveBeenKilled() {
        // given  all die, one after the other
        gone(1);
        gone(2);
        assertState("all", THREE, 2, List.of(THREE), TWO);
        gone(3);
        assertState("all", BrokerId.NONE, 3, List.of(THREE), TWO);
        // when   they come back, all with logs that were not closed
        crash(1, 501, false);
        assertState("all", BrokerId.NONE, 3, List.of(THREE), TWO);
        assertState("one", ONE, 2, List.of(ONE));
        crash(3, 503, false);
        assertState("all", BrokerId.NONE, 3, List.of(), TWO);
        crash(2, 502, false);
        // then   who led last leads, since it has the most that is left
        assertState("all", THREE, 4, List.of(THREE));
        assertThat(partition("all").recovering()).isTrue();
    }

    @Test
    void shouldWaitForTheEligibleOneThatHasLostNothing() {
        // given
        gone(1);
        gone(2);
        gone(3);
        crash(3, 503, false);
        assertState("all", BrokerId.NONE, 3, List.of(), TWO);
        // when   it registers, but has not said yet how its logs came through
        cluster.store.broker(2, null, 502);
        cluster.settle();
        assertThat(partition("all").leader()).isEqualTo(BrokerId.NONE);
        // when   it was closed in order
        cluster.await(cluster.controller.takeBack(TWO, new BrokerEpoch(502), true));
        // then
        assertState("all", TWO, 4, List.of(TWO));
        assertThat(partition("all").recovering()).isFalse();
    }

    @Test
    void shouldMoveTheLeaderWhenItWasRestartedUnseen() {
        // when   broker 1 is killed and started again between two controllers
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.store.broker(1, null, 501);
        cluster.elect();
        // then   the new one has others lead at once, whatever that broker will say of its logs
        assertState("all", TWO, 1, List.of(TWO, THREE));
        // when
        assertThat(error(cluster.await(cluster.controller.takeBack(ONE, new BrokerEpoch(501), false))))
                .isEqualTo(Errors.NONE);
        // then   nobody goes on in the epoch from before, with less than was there
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("one", ONE, 1, List.of(ONE));
        // when   it is told again
        int steps = cluster.steps.size();
        cluster.await(cluster.controller.takeBack(ONE, new BrokerEpoch(501), false));
        assertThat(cluster.steps).hasSize(steps);
    }

    @Test
    void shouldTakeARestartThatItHasSeenOnlyOnce() {
        crash(1, 501, false);
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("one", ONE, 1, List.of(ONE));
        crash(1, 601, true);
        assertState("one", ONE, 2, List.of(ONE));
    }

    @Test
    void shouldNoticeARestartWhileTheStoreIsReadAgain() {
        // given  a write whose fate is unclear, and a restart that no event tells of
        cluster.store.watch(event -> {});
        cluster.store.broker(1, null, 501);
        cluster.store.fates.add(TestingStore.Fate.LOST);
        // when
        cluster.await(cluster.controller.createTopics(List.of(made("later", "1", TWO)), false));
        // then
        assertState("all", TWO, 1, List.of(TWO, THREE));
        assertState("one", ONE, 1, List.of(ONE));
    }

    @Test
    void shouldNotTakeANewSessionOfTheSameProcessForARestart() {
        // given  a process whose logs were not closed in order before, as is known
        crash(1, new Uuid(0, 7), 501, false);
        assertState("all", TWO, 1, List.of(TWO, THREE));
        catchUp("all", ONE, TWO, THREE);
        crash(2, new Uuid(0, 8), 502, true);
        assertState("all", ONE, 2, List.of(ONE, THREE));
        // when   its session is lost, and it registers anew
        register(1, 601, new Uuid(0, 7));
        // then   it leads on, and is in no doubt
        assertThat(cluster.image.brokers().get(ONE).epoch()).isEqualTo(new BrokerEpoch(601));
        assertState("all", ONE, 2, List.of(ONE, THREE));
        assertThat(error(cluster.await(cluster.controller.takeBack(ONE, new BrokerEpoch(601), false))))
                .isEqualTo(Errors.NONE);
        assertState("all", ONE, 2, List.of(ONE, THREE));
        // when   another process comes in its place
        register(1, 701, new Uuid(0, 9));
        // then
        assertState("all", THREE, 3, List.of(THREE), ONE);
    }

    @Test
    void shouldNotTakeANewSessionForARestartWhileTheStoreIsReadAgain() {
        crash(1, new Uuid(0, 7), 501, true);
        PartitionImage before = partition("one");
        cluster.store.watch(event -> {});
        cluster.store.broker(1, 601, new Uuid(0, 7));
        cluster.store.fates.add(TestingStore.Fate.LOST);
        cluster.await(cluster.controller.createTopics(List.of(made("later", "1", TWO)), false));
        assertThat(cluster.image.brokers().get(ONE).epoch()).isEqualTo(new BrokerEpoch(601));
        assertThat(partition("one")).isEqualTo(before);
    }

    @Test
    void shouldTakeABrokerForLiveThatRegistersAnewThoughItWasFenced() {
        // given
        crash(1, new Uuid(0, 7), 501, true);
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(501), true));
        assertThat(partition("one").leader()).isEqualTo(BrokerId.NONE);
        // when
        register(1, 601, new Uuid(0, 7));
        // then
        assertThat(partition("one").leader()).isEqualTo(ONE);
        // and    who has nothing new to say is as silent as before
        cluster.await(cluster.controller.fence(ONE, new BrokerEpoch(601), true));
        cluster.store.broker(4, null);
        cluster.settle();
        assertThat(partition("one").leader()).isEqualTo(BrokerId.NONE);
    }

    @Test
    void shouldRememberOfAProcessWithANewSessionThatItLeavesAndWhatItHasLost() {
        // given
        crash(1, new Uuid(0, 7), 501, true);
        cluster.await(cluster.controller.replicasLost(new LostReplicas(
                ONE,
                new BrokerEpoch(501),
                List.of(new LostReplicas.Replica(
                        cluster.image.topic("one").id(),
                        new TopicPartition("one", 0),
                        new LeaderEpoch(0),
                        LostReplicas.Loss.OFFLINE)))));
        cluster.await(cluster.controller.depart(ONE, new BrokerEpoch(501)));
        // when
        register(1, 601, new Uuid(0, 7));
        // then
        assertThat(partition("one").offline()).containsExactly(ONE);
        cluster.await(cluster.controller.createTopics(
                List.of(new NewTopic("new", 6, (short) 2, List.of(), Map.of())), false));
        assertThat(cluster.image.topic("new").partitions())
                .allMatch(partition -> !partition.replicas().contains(ONE));
        // when   it is another process
        register(1, 701, new Uuid(0, 9));
        // then
        assertThat(partition("one").offline()).isEmpty();
    }

    @Test
    void shouldAskNoMoreAboutWhoIsForgotten() {
        // given  two who are heard under registrations that nobody knows
        BrokerEpoch epoch = new BrokerEpoch(700);
        CompletionStage<Void> one = cluster.controller.arrived(ONE, epoch, epoch);
        CompletionStage<Void> two = cluster.controller.arrived(TWO, epoch, epoch);
        cluster.passTime(3);

        // when   one of them is forgotten, and both register
        cluster.controller.forgotten(ONE, epoch);
        cluster.passTime(1);
        cluster.store.broker(1, null, 700);
        cluster.store.broker(2, null, 700);
        cluster.settle();
        cluster.passTime(3);

        // then   who is forgotten is to be heard again first
        assertThat(one.toCompletableFuture()).isNotDone();
        assertThat(two.toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldTakeABrokerInOnlyOnceTheStoreTellsOfIt() {
        // given  a broker that polls before its registration is seen
        BrokerEpoch epoch = new BrokerEpoch(501);
        CompletionStage<Void> taken = cluster.controller.arrived(ONE, epoch, BrokerEpoch.NONE);
        cluster.passTime(500);
        assertThat(taken.toCompletableFuture()).isNotDone();
        // when
        register(1, 501, new Uuid(0, 7));
        cluster.passTime(1);
        // then
        assertThat(taken.toCompletableFuture()).isDone();
        assertState("all", TWO, 1, List.of(TWO, THREE));
    }

    @Test
    void shouldTakeNobodyInWithoutBeingTheController() {
        // given  a poll that comes before word of the election, and one of whom nothing comes
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        CompletionStage<Void> taken = cluster.controller.arrived(ONE, epoch(1), BrokerEpoch.NONE);
        cluster.passTime(3);
        assertThat(taken.toCompletableFuture()).isNotDone();
        // when
        cluster.elect();
        cluster.passTime(1);
        // then
        assertThat(taken.toCompletableFuture()).isDone();
        assertState("all", TWO, 1, List.of(TWO, THREE));
    }

    private void register(int broker, long epoch, Uuid incarnation) {
        cluster.store.broker(broker, epoch, incarnation);
        cluster.settle();
    }

    private void crash(int broker, Uuid incarnation, long epoch, boolean clean) {
        register(broker, epoch, incarnation);
        assertThat(error(cluster.await(
                        cluster.controller.takeBack(new BrokerId(broker), new BrokerEpoch(epoch), clean))))
                .isEqualTo(Errors.NONE);
    }

    /** As the leader proposes it. */
    private void catchUp(String topic, BrokerId... inSync) {
        PartitionImage now = partition(topic);
        BrokerEpoch leading = cluster.image.brokers().get(now.leader()).epoch();
        cluster.await(cluster.controller.propose(new InSyncProposal(
                now.leader(),
                leading,
                List.of(new InSyncProposal.Change(
                        cluster.image.topic(topic).id(),
                        new TopicPartition(topic, 0),
                        now.leaderEpoch(),
                        now.partitionEpoch(),
                        Arrays.stream(inSync)
                                .map(id -> new InSyncProposal.Member(id, BrokerEpoch.NONE))
                                .toList(),
                        false)))));
        assertThat(partition(topic).inSync()).containsExactly(inSync);
    }
}
