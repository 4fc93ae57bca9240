package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a controller begins that was told nothing of the cluster before: all brokers have just been started. */
class RollCallTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);

    private final TestingCluster cluster = new TestingCluster();

    /** Topics "all" on brokers 1, 2 and 3, "one" on 1; then the whole cluster goes down. */
    @BeforeEach
    void fill() {
        cluster.store.features =
                new FeaturesImage(Map.of(ElectionRules.ELIGIBLE_REPLICAS, (short) 1), cluster.store.features.epoch());
        cluster.store.broker(1, null).broker(2, null).broker(3, null);
        cluster.elect();
        cluster.await(cluster.controller.createTopics(List.of(made("all", ONE, TWO, THREE), made("one", ONE)), false));
        cluster.tell(new ControllerElection.Event.Resigned("the power is gone"));
        cluster.store.brokers.clear();
        cluster.blind = true;
    }

    private static NewTopic made(String name, BrokerId... replicas) {
        return new NewTopic(
                name,
                -1,
                (short) -1,
                List.of(new NewTopic.Assignment(0, Arrays.asList(replicas))),
                Map.of("min.insync.replicas", "1"));
    }

    private void register(BrokerId... brokers) {
        for (BrokerId broker : brokers) {
            cluster.store.broker(broker.value(), null, epoch(broker).value());
        }
        cluster.settle();
    }

    private static BrokerEpoch epoch(BrokerId broker) {
        return new BrokerEpoch(500 + broker.value());
    }

    /** A broker's first poll; done when it may be given images. */
    private CompletableFuture<Void> heard(BrokerId broker, boolean clean) {
        CompletableFuture<Void> taken = cluster.controller
                .arrived(broker, epoch(broker), clean ? new BrokerEpoch(100) : BrokerEpoch.NONE)
                .toCompletableFuture();
        cluster.settle();
        return taken;
    }

    /** Lets those ask again that were put off; the end of the call is a timer too, and so comes with the first time. */
    private void passTime() {
        cluster.passTime(1);
    }

    private void assertState(String topic, BrokerId leader, int epoch, BrokerId... inSync) {
        PartitionImage state = cluster.image.topic(topic).partition(0);
        assertThat(state.leader()).isEqualTo(leader);
        assertThat(state.leaderEpoch()).isEqualTo(new LeaderEpoch(epoch));
        assertThat(state.inSync()).containsExactly(inSync);
    }

    @Test
    void shouldLeaveAllAsItIsWhereAllWereClosedInOrder() {
        register(ONE, TWO, THREE);
        cluster.elect();
        int writes = cluster.store.writes;
        heard(ONE, true);
        heard(TWO, true);
        CompletableFuture<Void> last = heard(THREE, true);
        assertThat(last).isDone();
        assertState("all", ONE, 0, ONE, TWO, THREE);
        assertState("one", ONE, 0, ONE);
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @Test
    void shouldHaveNobodyLeadWithTornLogsWhereAnotherClosedThemInOrder() {
        // given  an unclean leader that is heard first
        register(ONE, TWO, THREE);
        cluster.elect();
        CompletableFuture<Void> taken = heard(ONE, false);
        // then   nothing is decided, and it is shown nothing, while others may know better
        assertState("all", ONE, 0, ONE, TWO, THREE);
        assertThat(taken).isNotDone();
        // when
        heard(TWO, false);
        heard(THREE, true);
        // then
        assertState("all", THREE, 1, THREE);
        assertState("one", ONE, 1, ONE);
        passTime();
        assertThat(taken).isDone();
    }

    @Test
    void shouldWaitForThoseWhoMayHaveItAllWhereTheOnlyOneThereIsTorn() {
        // given
        register(ONE);
        cluster.elect();
        // when
        assertThat(heard(ONE, false)).isDone();
        // then   the set has not shrunk to the one that may have lost something
        assertState("all", BrokerId.NONE, 1, TWO, THREE);
        assertState("one", ONE, 1, ONE);
        // when   another comes, which was closed in order
        register(TWO);
        assertState("all", BrokerId.NONE, 1, TWO, THREE);
        heard(TWO, true);
        // then
        assertState("all", TWO, 2, TWO);
    }

    @Test
    void shouldHaveTheLastKnownLeaderLeadWhereAllAreTorn() {
        register(ONE, TWO, THREE);
        cluster.elect();
        heard(TWO, false);
        heard(THREE, false);
        heard(ONE, false);
        assertState("all", ONE, 1, ONE);
        assertThat(cluster.image.topic("all").partition(0).recovering()).isTrue();
    }

    @Test
    void shouldNotWaitLongForASilentBroker() {
        // given
        register(ONE, TWO, THREE);
        cluster.elect();
        CompletableFuture<Void> taken = heard(ONE, false);
        heard(THREE, true);
        assertState("all", ONE, 0, ONE, TWO, THREE);
        // when
        passTime();
        // then
        assertState("all", THREE, 1, THREE);
        passTime();
        assertThat(taken).isDone();
        // when   it says something after all
        CompletableFuture<Void> late = heard(TWO, false);
        // then   it is as any other that comes back
        assertThat(late).isDone();
        assertState("all", THREE, 1, THREE);
    }

    @Test
    void shouldHaveTheSilentLeadAgainWhenItIsHeardWhereItMayHaveMoreThanAllOthers() {
        register(ONE, TWO);
        cluster.elect();
        heard(TWO, false);
        passTime();
        assertState("all", BrokerId.NONE, 1, ONE, THREE);
        heard(ONE, true);
        assertState("all", ONE, 2, ONE);
    }

    @Test
    void shouldNotWaitForTheDead() {
        register(ONE, TWO, THREE);
        cluster.elect();
        heard(TWO, true);
        heard(THREE, true);
        cluster.await(cluster.controller.fence(ONE, epoch(ONE), true));
        assertState("all", TWO, 1, TWO, THREE);
        assertState("one", BrokerId.NONE, 1, ONE);
    }

    @Test
    void shouldRememberWhatItHasHeardWhenTheStoreIsReadAgain() {
        // given
        register(ONE, TWO, THREE);
        cluster.elect();
        heard(ONE, false);
        heard(TWO, true);
        // when   the fate of what follows is unclear
        cluster.store.fates.add(TestingStore.Fate.LOST);
        heard(THREE, true);
        // then
        assertState("all", TWO, 1, TWO, THREE);
    }

    @Test
    void shouldCallWhoComesMeanwhileToo() {
        register(ONE, TWO);
        cluster.elect();
        heard(ONE, false);
        register(THREE);
        heard(TWO, false);
        assertState("all", ONE, 0, ONE, TWO, THREE);
        heard(THREE, true);
        assertState("all", THREE, 1, THREE);
    }

    @Test
    void shouldHaveNobodyLeadForTheAskingBeforeItIsHeard() {
        // given  a partition that another than the preferred replica leads
        cluster.store.topics.computeIfPresent(
                "all",
                (name, topic) -> topic.with(
                        0,
                        topic.partition(0)
                                .led(
                                        TWO,
                                        new LeaderEpoch(4),
                                        List.of(ONE, TWO, THREE),
                                        List.of(),
                                        BrokerId.NONE,
                                        false,
                                        topic.partition(0).controllerEpoch())));
        register(ONE, TWO, THREE);
        // when
        cluster.store.electionsByHand(Set.of(new TopicPartition("all", 0)));
        cluster.elect();
        // then
        assertState("all", TWO, 4, ONE, TWO, THREE);
    }

    @Test
    void shouldMakeTopicsMeanwhile() {
        register(ONE, TWO, THREE);
        cluster.elect();
        cluster.await(cluster.controller.createTopics(List.of(made("new", TWO, THREE)), false));
        assertState("new", TWO, 0, TWO, THREE);
    }

    @Test
    void shouldLetNobodyBeTrustedWhoseControllerDiedBeforeItHeardOfThem() {
        // given  a partition that waits for whoever has it all, and one of them, which has said nothing yet
        register(ONE, TWO);
        cluster.elect();
        heard(ONE, false);
        passTime();
        assertState("all", BrokerId.NONE, 1, TWO, THREE);
        // when   another controller begins, which was told of both
        cluster.tell(new ControllerElection.Event.Resigned("so it is"));
        cluster.blind = false;
        cluster.elect();
        // then
        assertState("all", BrokerId.NONE, 1, TWO, THREE);
        heard(TWO, false);
        assertState("all", BrokerId.NONE, 1, THREE);
    }
}
