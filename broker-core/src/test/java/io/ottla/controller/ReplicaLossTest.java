package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of partitions whose log folder has failed. */
class ReplicaLossTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);

    private final TestingCluster cluster = new TestingCluster();

    /** Topic "alone" on broker 1, topic "both" on 1 and 2, each of two partitions. */
    @BeforeEach
    void elect() {
        cluster.store.broker(1, null).broker(2, null);
        cluster.elect();
        cluster.await(cluster.controller.createTopics(
                List.of(made("alone", List.of(ONE)), made("both", List.of(ONE, TWO))), false));
    }

    private static NewTopic made(String name, List<BrokerId> replicas) {
        List<NewTopic.Assignment> assignments =
                List.of(new NewTopic.Assignment(0, replicas), new NewTopic.Assignment(1, replicas));
        return new NewTopic(name, -1, (short) -1, assignments, Map.of());
    }

    private PartitionImage partition(String topic, int number) {
        return cluster.image.topic(topic).partition(number);
    }

    private LostReplicas.Replica replica(String topic, int number) {
        return new LostReplicas.Replica(
                cluster.image.topic(topic).id(),
                new TopicPartition(topic, number),
                partition(topic, number).leaderEpoch(),
                LostReplicas.Loss.OFFLINE);
    }

    private Errors lose(long epoch, LostReplicas.Replica... replicas) {
        Optional<Failure> refusal = cluster.await(cluster.controller.replicasLost(
                new LostReplicas(ONE, new BrokerEpoch(epoch), Arrays.asList(replicas))));
        return refusal.map(Failure::error).orElse(Errors.NONE);
    }

    private double gauge(String name) {
        return cluster.metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .mapToDouble(family -> ((Metrics.Sample.Level) family.samples().getFirst()).value())
                .sum();
    }

    @Test
    void shouldLeaveAPartitionLeaderlessWhereNobodyElseHasIt() {
        // when
        assertThat(lose(101, replica("alone", 0))).isEqualTo(Errors.NONE);
        // then   in a new epoch, with the in-sync set that holds what was acknowledged; the other one is as it was
        assertThat(partition("alone", 0).leader()).isEqualTo(BrokerId.NONE);
        assertThat(partition("alone", 0).leaderEpoch()).isEqualTo(new LeaderEpoch(1));
        assertThat(partition("alone", 0).inSync()).containsExactly(ONE);
        assertThat(partition("alone", 0).offline()).containsExactly(ONE);
        assertThat(partition("alone", 1).leader()).isEqualTo(ONE);
        assertThat(gauge("kafka_controller_kafkacontroller_offlinepartitionscount"))
                .isEqualTo(1);
        assertThat(cluster.store.topics.get("alone").partition(0).leader()).isEqualTo(BrokerId.NONE);
    }

    @Test
    void shouldHaveAnotherReplicaLeadAndTheLostOneLeaveTheInSyncSet() {
        // when
        lose(101, replica("both", 0), replica("both", 1));
        // then
        for (int number = 0; number < 2; number++) {
            assertThat(partition("both", number).leader()).isEqualTo(TWO);
            assertThat(partition("both", number).inSync()).containsExactly(TWO);
        }
    }

    @Test
    void shouldElectALostReplicaInNoLaterElection() {
        // given
        lose(101, replica("both", 0), replica("alone", 0));
        // when   the one that took over goes
        cluster.store.brokerGone(2);
        cluster.settle();
        // then
        assertThat(partition("both", 0).leader()).isEqualTo(BrokerId.NONE);
        assertThat(partition("both", 1).leader()).isEqualTo(ONE);
        assertThat(partition("alone", 0).leader()).isEqualTo(BrokerId.NONE);
        // when   it is back
        cluster.store.broker(2, null, 500);
        cluster.settle();
        // then
        assertThat(partition("both", 0).leader()).isEqualTo(TWO);
        assertThat(partition("both", 0).offline()).containsExactly(ONE);
    }

    @Test
    void shouldTakeNothingTwice() {
        // given
        LostReplicas.Replica alone = replica("alone", 0);
        LostReplicas.Replica both = replica("both", 0);
        lose(101, alone, both);
        int writes = cluster.store.writes;
        // when
        assertThat(lose(101, alone, both)).isEqualTo(Errors.NONE);
        // then
        assertThat(cluster.store.writes).isEqualTo(writes);
        assertThat(partition("alone", 0).offline()).containsExactly(ONE);
    }

    @Test
    void shouldLetABrokerLeadAgainThatHasRegisteredAnew() {
        // given
        lose(101, replica("alone", 0));
        // when
        cluster.store.broker(1, null, 700);
        cluster.settle();
        // then
        assertThat(partition("alone", 0).leader()).isEqualTo(ONE);
        assertThat(partition("alone", 0).leaderEpoch()).isEqualTo(new LeaderEpoch(2));
        assertThat(partition("alone", 0).offline()).isEmpty();
    }

    private InSyncResult inSyncAgain() {
        PartitionImage led = partition("both", 0);
        return cluster.await(cluster.controller.propose(new InSyncProposal(
                        TWO,
                        new BrokerEpoch(102),
                        List.of(new InSyncProposal.Change(
                                cluster.image.topic("both").id(),
                                new TopicPartition("both", 0),
                                led.leaderEpoch(),
                                led.partitionEpoch(),
                                List.of(
                                        new InSyncProposal.Member(TWO, new BrokerEpoch(102)),
                                        new InSyncProposal.Member(ONE, new BrokerEpoch(101))),
                                false)))))
                .getFirst();
    }

    @Test
    void shouldUseAReplicaAgainThatItsLeaderHasSeenCatchUp() {
        // given
        lose(101, replica("both", 0));
        assertThat(partition("both", 0).leader()).isEqualTo(TWO);
        // when
        InSyncResult result = inSyncAgain();
        // then
        assertThat(result).isInstanceOf(InSyncResult.Committed.class);
        assertThat(partition("both", 0).inSync()).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(partition("both", 0).offline()).isEmpty();
        // when   it is lost again
        assertThat(lose(101, replica("both", 0))).isEqualTo(Errors.NONE);
        // then
        assertThat(partition("both", 0).inSync()).containsExactly(TWO);
        assertThat(partition("both", 0).offline()).containsExactly(ONE);
    }

    @Test
    void shouldHaveTheLeaderForgetWhatItHasSeenOfALostFollower() {
        // given  a leader that is to stay
        lose(101, replica("both", 0));
        inSyncAgain();
        PartitionImage led = partition("both", 0);
        assertThat(led.leader()).isEqualTo(TWO);

        // when
        lose(101, replica("both", 0));

        // then   what it proposes by what it had seen is out of date
        assertThat(partition("both", 0).leader()).isEqualTo(TWO);
        assertThat(partition("both", 0).leaderEpoch())
                .isEqualTo(led.leaderEpoch().next());
        assertThat(partition("both", 0).inSync()).containsExactly(TWO);
        assertThat(cluster.store.topics.get("both").partition(0).leaderEpoch())
                .isEqualTo(led.leaderEpoch().next());

        // when   it is lost once more, before it is in sync
        LeaderEpoch epoch = partition("both", 0).leaderEpoch();
        lose(101, replica("both", 0));

        // then
        assertThat(partition("both", 0).leaderEpoch()).isEqualTo(epoch.next());
        assertThat(partition("both", 0).offline()).containsExactly(ONE);
    }

    @Test
    void shouldForgetWhatABrokerHadLostThatIsGone() {
        // given
        lose(101, replica("both", 0));
        // when
        cluster.store.brokerGone(1);
        cluster.settle();
        // then
        assertThat(partition("both", 0).offline()).isEmpty();
    }

    @Test
    void shouldRememberWhereTheStoreIsReadAgain() {
        // given
        lose(101, replica("alone", 0));
        // when   another term begins, with the same registration
        cluster.elect();
        // then
        assertThat(partition("alone", 0).leader()).isEqualTo(BrokerId.NONE);
        assertThat(partition("alone", 0).leaderEpoch()).isEqualTo(new LeaderEpoch(1));
        // when   and one with another
        cluster.store.brokers.remove(ONE);
        cluster.store.broker(1, null, 800);
        cluster.elect();
        // then
        assertThat(partition("alone", 0).leader()).isEqualTo(ONE);
    }

    /** As another controller wrote it: both are in sync, and nobody's replica is offline. */
    private PartitionImage caughtUpUnderAnother() {
        PartitionImage now = partition("both", 0);
        PartitionImage mended = now.withInSync(
                        List.of(TWO, ONE),
                        false,
                        new PartitionEpoch(now.partitionEpoch().value() + 1))
                .withOffline(List.of());
        cluster.store.topics.put("both", cluster.store.topics.get("both").with(0, mended));
        return mended;
    }

    @Test
    void shouldForgetInANewTermWhatAnotherControllerHasForgotten() {
        // given  a mark of this controller's own earlier term
        lose(101, replica("both", 0));
        PartitionImage mended = caughtUpUnderAnother();
        cluster.image = cluster.image.with(new MetadataChange.PartitionSet("both", 0, mended));
        // when
        cluster.elect();
        // then
        assertThat(partition("both", 0).offline()).isEmpty();
        cluster.store.brokerGone(2);
        cluster.settle();
        assertThat(partition("both", 0).leader()).isEqualTo(ONE);
    }

    @Test
    void shouldBelieveNoMarkOfAReplicaThatHasComeIntoSyncSince() {
        lose(101, replica("both", 0));
        caughtUpUnderAnother();
        cluster.elect();
        assertThat(partition("both", 0).inSync()).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(partition("both", 0).offline()).isEmpty();
    }

    private Errors loseDamaged(BrokerId broker, long epoch) {
        PartitionImage now = partition("both", 0);
        LostReplicas.Replica replica = new LostReplicas.Replica(
                cluster.image.topic("both").id(),
                new TopicPartition("both", 0),
                now.leaderEpoch(),
                LostReplicas.Loss.DAMAGED);
        return cluster.await(cluster.controller.replicasLost(
                        new LostReplicas(broker, new BrokerEpoch(epoch), List.of(replica))))
                .map(Failure::error)
                .orElse(Errors.NONE);
    }

    @Test
    void shouldKeepTheLastOneWhereAllTellOfDamage() {
        // when
        assertThat(loseDamaged(ONE, 101)).isEqualTo(Errors.NONE);
        assertThat(loseDamaged(TWO, 102)).isEqualTo(Errors.NONE);
        // then   the second leads with what it has
        assertThat(partition("both", 0).leader()).isEqualTo(TWO);
        assertThat(partition("both", 0).inSync()).containsExactly(TWO);
        assertThat(partition("both", 0).offline()).containsExactly(ONE);
    }

    @Test
    void shouldUseAReplicaAgainOfWhichALossIsTakenBack() {
        // given
        lose(101, replica("alone", 0));
        assertThat(partition("alone", 0).leader()).isEqualTo(BrokerId.NONE);
        LostReplicas.Replica lost = replica("alone", 0);
        LostReplicas.Replica back =
                new LostReplicas.Replica(lost.topicId(), lost.partition(), lost.epoch(), LostReplicas.Loss.NONE);
        // when
        lose(101, back);
        // then
        assertThat(partition("alone", 0).leader()).isEqualTo(ONE);
        assertThat(partition("alone", 0).offline()).isEmpty();
        // and    once
        int writes = cluster.store.writes;
        lose(101, back);
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @Test
    void shouldRefuseWhatAnEarlierRegistrationTells() {
        assertThat(lose(99, replica("alone", 0))).isEqualTo(Errors.STALE_BROKER_EPOCH);
        assertThat(partition("alone", 0).leader()).isEqualTo(ONE);
    }

    @Test
    void shouldPassOverWhatIsNotTheBrokers() {
        assertThat(lose(
                        101,
                        new LostReplicas.Replica(
                                new TopicId(7, 7),
                                new TopicPartition("alone", 0),
                                new LeaderEpoch(0),
                                LostReplicas.Loss.OFFLINE),
                        new LostReplicas.Replica(
                                cluster.image.topic("alone").id(),
                                new TopicPartition("alone", 9),
                                new LeaderEpoch(0),
                                LostReplicas.Loss.OFFLINE),
                        new LostReplicas.Replica(
                                TopicId.ZERO,
                                new TopicPartition("none", 0),
                                new LeaderEpoch(0),
                                LostReplicas.Loss.OFFLINE)))
                .isEqualTo(Errors.NONE);
        assertThat(partition("alone", 0).leader()).isEqualTo(ONE);
    }

    @Test
    void shouldRefuseWhereAnotherIsController() {
        TestingCluster never = new TestingCluster();
        Optional<Failure> refusal =
                never.await(never.controller.replicasLost(new LostReplicas(ONE, new BrokerEpoch(101), List.of())));
        assertThat(refusal.map(Failure::error)).contains(Errors.NOT_CONTROLLER);
    }
}
