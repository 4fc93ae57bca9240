package io.ottla.console.moves;

import static io.ottla.console.moves.TestingLayouts.brokers;
import static io.ottla.console.moves.TestingLayouts.brokersInRacks;
import static io.ottla.console.moves.TestingLayouts.gap;
import static io.ottla.console.moves.TestingLayouts.leadersByBroker;
import static io.ottla.console.moves.TestingLayouts.made;
import static io.ottla.console.moves.TestingLayouts.partition;
import static io.ottla.console.moves.TestingLayouts.refused;
import static io.ottla.console.moves.TestingLayouts.replicasByBroker;
import static io.ottla.console.moves.TestingLayouts.roundRobin;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.moves.Goal.Measure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Goal COUNT = new Goal(Measure.COUNT, false);
    private static final Goal BYTES = new Goal(Measure.BYTES, false);

    @Test
    void shouldFillANewBrokerWithNoMoreThanItsShare() {
        // given  9 replicas on 3 brokers, and a fourth that has none
        Assignment before = new Assignment(Map.of(
                partition("t", 0),
                List.of(1, 2, 3),
                partition("t", 1),
                List.of(2, 3, 1),
                partition("t", 2),
                List.of(3, 1, 2)));
        Layout layout = new Layout(before, brokers(1, 2, 3, 4), Map.of());

        Assignment after =
                made(new Planner(layout).spread(Set.of("t"), Set.of(1, 2, 3, 4), OptionalInt.empty(), COUNT));

        // then  it gets two, and no other broker gets anything
        Difference difference = Difference.between(before, after, Map.of());
        assertThat(difference.replicasAdded()).isEqualTo(2);
        assertThat(difference.moves())
                .allSatisfy(move -> assertThat(move.added()).containsExactly(4));
        assertThat(gap(leadersByBroker(after, layout.live()))).isLessThan(2);
    }

    @Test
    void shouldLeaveOnlyTheOrderToChangeWhereLeadersAloneAreUneven() {
        Assignment before = new Assignment(Map.of(partition("t", 0), List.of(1, 2), partition("t", 1), List.of(1, 2)));
        Layout layout = new Layout(before, brokers(1, 2), Map.of());

        Assignment after = made(new Planner(layout).spread(Set.of("t"), Set.of(1, 2), OptionalInt.empty(), COUNT));

        Difference difference = Difference.between(before, after, Map.of());
        assertThat(difference.moves()).hasSize(1);
        assertThat(difference.onlyReordered()).isEqualTo(1);
        assertThat(difference.leadersChanged()).isEqualTo(1);
    }

    @Test
    void shouldMoveAReplicaToARackThatHasNone() {
        Layout layout =
                new Layout(new Assignment(Map.of(partition("t", 0), List.of(0, 2))), brokersInRacks(4, 2), Map.of());

        Assignment after = made(new Planner(layout).spread(Set.of("t"), layout.live(), OptionalInt.empty(), COUNT));

        // then  the leader stays, and the follower goes
        assertThat(after.of(partition("t", 0))).containsExactly(0, 1);
    }

    @Test
    void shouldEvenEachTopicOnlyWhenAsked() {
        // given  two topics that are even together, but each is on one broker
        Assignment before = new Assignment(Map.of(
                partition("a", 0),
                List.of(1),
                partition("a", 1),
                List.of(1),
                partition("b", 0),
                List.of(2),
                partition("b", 1),
                List.of(2)));
        Planner planner = new Planner(new Layout(before, brokers(1, 2), Map.of()));
        Set<String> topics = Set.of("a", "b");

        assertThat(made(planner.spread(topics, Set.of(1, 2), OptionalInt.empty(), COUNT)))
                .isEqualTo(before);

        Assignment after =
                made(planner.spread(topics, Set.of(1, 2), OptionalInt.empty(), new Goal(Measure.COUNT, true)));
        assertThat(after.only(partition -> partition.topic().equals("a")).brokers())
                .containsExactly(1, 2);
        assertThat(after.only(partition -> partition.topic().equals("b")).brokers())
                .containsExactly(1, 2);
    }

    @Test
    void shouldEvenBytesInsteadOfReplicasWhenAsked() {
        // given  one partition as large as the five others together
        Map<TopicPartition, List<Integer>> replicas = new TreeMap<>(Assignment.ORDER);
        Map<TopicPartition, Long> bytes = new TreeMap<>(Assignment.ORDER);
        for (int i = 0; i < 6; i++) {
            replicas.put(partition("t", i), List.of(i % 2 + 1));
            bytes.put(partition("t", i), i == 0 ? 5_000L : 1_000L);
        }
        Layout layout = new Layout(new Assignment(replicas), brokers(1, 2), bytes);

        Assignment after = made(new Planner(layout).spread(Set.of("t"), Set.of(1, 2), OptionalInt.empty(), BYTES));

        // then  the two small ones beside it move away, at the price of 2,000 bytes
        assertThat(replicasByBroker(after, layout.live())).isEqualTo(Map.of(1, 1, 2, 5));
        assertThat(Difference.between(layout.assignment(), after, bytes).bytesToCopy())
                .isEqualTo(2_000);
    }

    @Test
    void shouldDrainABrokerAndLetAFollowerLead() {
        Assignment before = new Assignment(Map.of(
                partition("t", 0),
                List.of(1, 2, 3),
                partition("t", 1),
                List.of(2, 1, 3),
                partition("u", 0),
                List.of(3, 2)));
        Layout layout = new Layout(before, brokers(1, 2, 3, 4), Map.of());

        Assignment target = made(new Planner(layout).drain(Set.of(), Set.of(1), Measure.COUNT));

        assertThat(target.of(partition("t", 1))).containsExactly(2, 3, 4);
        assertThat(target.of(partition("t", 0))).hasSize(3).contains(4);
        assertThat(target.of(partition("t", 0)).getFirst()).isIn(2, 3);
        assertThat(target.replicas()).doesNotContainKey(partition("u", 0));
    }

    @Test
    void shouldDrainABrokerThatIsDown() {
        Layout layout = new Layout(new Assignment(Map.of(partition("t", 0), List.of(9, 1))), brokers(1, 2), Map.of());

        assertThat(made(new Planner(layout).drain(Set.of(), Set.of(9), Measure.COUNT))
                        .of(partition("t", 0)))
                .containsExactly(1, 2);
    }

    @Test
    void shouldAddReplicasInOtherRacksAndTakeThemFromSharedOnes() {
        Layout layout =
                new Layout(new Assignment(Map.of(partition("t", 0), List.of(0, 3))), brokersInRacks(6, 3), Map.of());
        Planner planner = new Planner(layout);

        assertThat(made(planner.changeFactor(Set.of("t"), 4, Measure.COUNT)).of(partition("t", 0)))
                .startsWith(0, 3)
                .contains(1, 2);
        assertThat(made(planner.changeFactor(Set.of("t"), 1, Measure.COUNT)).of(partition("t", 0)))
                .containsExactly(0);
    }

    @Test
    void shouldSayWhyThereIsNoPlan() {
        Layout layout =
                new Layout(new Assignment(Map.of(partition("t", 0), List.of(1, 2))), brokers(1, 2, 3), Map.of());
        Planner planner = new Planner(layout);
        Set<String> topic = Set.of("t");
        OptionalInt same = OptionalInt.empty();

        assertThat(refused(planner.spread(Set.of(), Set.of(1), same, COUNT)))
                .isEqualTo("Expected one or more topics, but none is chosen.");
        assertThat(refused(planner.spread(Set.of("t", "x"), Set.of(1), same, COUNT)))
                .isEqualTo("Expected topics of the cluster, but it has none named x.");
        assertThat(refused(planner.spread(topic, Set.of(), same, COUNT)))
                .isEqualTo("Expected one or more brokers that are to hold the replicas, but none is chosen.");
        assertThat(refused(planner.spread(topic, Set.of(1, 7), same, COUNT)))
                .isEqualTo("Expected brokers that are up (1, 2, 3), but chosen is also 7.");
        assertThat(refused(planner.spread(topic, Set.of(1), same, COUNT)))
                .isEqualTo("Expected at least 2 brokers for the 2 replicas of t-0, but only 1 are chosen: choose more,"
                        + " or lower the replication factor.");
        assertThat(refused(planner.spread(topic, Set.of(1), OptionalInt.of(0), COUNT)))
                .isEqualTo("Expected a replication factor of 1 or more, but got 0.");
        assertThat(refused(planner.changeFactor(topic, 4, Measure.COUNT)))
                .isEqualTo("Expected at least 4 brokers for the 4 replicas of t-0, but only 3 are up: add brokers,"
                        + " or lower the replication factor.");
        assertThat(refused(planner.drain(Set.of(), Set.of(), Measure.COUNT)))
                .isEqualTo("Expected one or more brokers to drain, but none is chosen.");
        assertThat(refused(planner.drain(Set.of(), Set.of(8), Measure.COUNT)))
                .isEqualTo("Expected brokers that are up or hold replicas, but 8 is neither.");
        assertThat(refused(planner.drain(Set.of(), Set.of(1, 2, 3), Measure.COUNT)))
                .isEqualTo("Expected at least one live broker to stay, but all (1, 2, 3) are to be drained.");
        assertThat(refused(planner.drain(Set.of(), Set.of(1, 2), Measure.COUNT)))
                .isEqualTo("Expected 2 other live brokers for the replicas that t-0 [1, 2] loses, but there are 1: add"
                        + " brokers, drain fewer, or lower the replication factor first.");
    }

    @Test
    void shouldPlanForAHundredThousandPartitionsInTheTimeOfAClick() {
        Layout layout = roundRobin(new Random(1), brokersInRacks(12, 3), 10_000, 10, 3);
        NavigableMap<Integer, String> grown = brokersInRacks(15, 3);
        Planner planner = new Planner(new Layout(layout.assignment(), grown, layout.bytes()));
        Set<String> topics = layout.assignment().topics();
        Set<Integer> brokers = new TreeSet<>(grown.keySet());

        for (Measure measure : Measure.values()) {
            long start = System.nanoTime();
            Assignment after = made(planner.spread(topics, brokers, OptionalInt.empty(), new Goal(measure, false)));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            // A cold machine that does other things at the same time takes several times as long as a warm one.
            assertThat(took).isLessThan(Duration.ofSeconds(15));
            if (measure == Measure.COUNT) {
                assertThat(replicasByBroker(after, brokers).values()).containsOnly(20_000);
                assertThat(Difference.between(layout.assignment(), after, layout.bytes())
                                .replicasAdded())
                        .isBetween(60_000, 62_000);
            }
        }
    }
}
