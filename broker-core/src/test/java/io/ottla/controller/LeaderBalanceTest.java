package io.ottla.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ControllerProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.peer.InSyncProposal;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicPartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.ElectionType;
import org.junit.jupiter.api.Test;

class LeaderBalanceTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerEpoch EPOCH_OF_ONE = new BrokerEpoch(101);

    private TestingCluster cluster;

    /** Broker 1 is preferred for so many partitions of topic "t", was away, and is in sync again in the first of them. */
    private void whereOneWasAway(int toleratedPercent, int partitions, int inSyncAgain) {
        cluster = new TestingCluster(new ControllerProperties.Balancing(300_000, toleratedPercent));
        cluster.store.broker(1, null).broker(2, null).broker(3, null);
        cluster.elect();
        List<NewTopic.Assignment> assigned = IntStream.range(0, partitions)
                .mapToObj(number -> new NewTopic.Assignment(number, List.of(ONE, TWO)))
                .toList();
        cluster.await(
                cluster.controller.createTopics(List.of(new NewTopic("t", -1, (short) -1, assigned, Map.of())), false));
        fence(true);
        fence(false);
        IntStream.range(0, inSyncAgain).forEach(this::comesIntoSync);
    }

    private void fence(boolean fenced) {
        cluster.await(cluster.controller.fence(ONE, EPOCH_OF_ONE, fenced));
    }

    private PartitionImage partition(int number) {
        return cluster.image.partition(new TopicPartition("t", number));
    }

    private void comesIntoSync(int number) {
        PartitionImage now = partition(number);
        assertThat(now.leader()).isEqualTo(TWO);
        cluster.await(cluster.controller.propose(new InSyncProposal(
                TWO,
                new BrokerEpoch(102),
                List.of(new InSyncProposal.Change(
                        cluster.image.topic("t").id(),
                        new TopicPartition("t", number),
                        now.leaderEpoch(),
                        now.partitionEpoch(),
                        List.of(
                                new InSyncProposal.Member(TWO, new BrokerEpoch(102)),
                                new InSyncProposal.Member(ONE, EPOCH_OF_ONE)),
                        false)))));
    }

    private long ledByOne() {
        return cluster.image.topic("t").partitions().stream()
                .filter(partition -> partition.leader().equals(ONE))
                .count();
    }

    @Test
    void shouldGiveLeadershipBackTimeAndAgain() {
        whereOneWasAway(10, 10, 4);
        assertThat(ledByOne()).isZero();

        cluster.passTime(1);
        assertThat(ledByOne()).isEqualTo(4);

        // and    what comes into sync later is led at the next look
        IntStream.range(4, 10).forEach(this::comesIntoSync);
        cluster.passTime(1);
        assertThat(ledByOne()).isEqualTo(10);
    }

    @Test
    void shouldTolerateAShareThatIsNotAboveTheBound() {
        whereOneWasAway(50, 4, 4);
        cluster.passTime(1);
        assertThat(ledByOne()).isEqualTo(4);

        // when   half of it is led elsewhere
        fence(true);
        fence(false);
        IntStream.range(0, 4).forEach(this::comesIntoSync);
        cluster.await(cluster.controller.electLeaders(
                ElectionType.PREFERRED, List.of(new TopicPartition("t", 0), new TopicPartition("t", 1))));
        int writes = cluster.store.writes;
        cluster.passTime(1);

        // then
        assertThat(ledByOne()).isEqualTo(2);
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @Test
    void shouldLeaveAPartitionAloneThatMoves() {
        whereOneWasAway(0, 2, 2);
        cluster.await(cluster.controller.reassign(
                List.of(new WantedMove(new TopicPartition("t", 0), List.of(ONE, new BrokerId(3)))), true));

        cluster.passTime(1);

        assertThat(partition(0).leader()).isEqualTo(TWO);
        assertThat(partition(1).leader()).isEqualTo(ONE);
    }

    @Test
    void shouldNotAskForABrokerThatIsAway() {
        whereOneWasAway(0, 2, 0);
        fence(true);
        int writes = cluster.store.writes;
        cluster.passTime(1);
        assertThat(cluster.store.writes).isEqualTo(writes);
    }

    @Test
    void shouldStopWithTheController() {
        whereOneWasAway(0, 2, 2);
        cluster.await(cluster.controller.close());
        cluster.passTime(3);
        assertThat(cluster.store.topics.get("t").partitions())
                .extracting(PartitionImage::leader)
                .isEqualTo(Collections.nCopies(2, TWO));
    }
}
