package io.ottla.console.moves;

import static io.ottla.console.moves.TestingLayouts.any;
import static io.ottla.console.moves.TestingLayouts.gap;
import static io.ottla.console.moves.TestingLayouts.leadersByBroker;
import static io.ottla.console.moves.TestingLayouts.made;
import static io.ottla.console.moves.TestingLayouts.racks;
import static io.ottla.console.moves.TestingLayouts.replicasByBroker;
import static io.ottla.console.moves.TestingLayouts.some;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.moves.Goal.Measure;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;

class PlannerPropertyTest {
    private static final List<Goal> GOALS = List.of(
            new Goal(Measure.COUNT, false),
            new Goal(Measure.COUNT, true),
            new Goal(Measure.BYTES, false),
            new Goal(Measure.BYTES, true));

    @Property(tries = 1500)
    void shouldGiveEachPartitionItsReplicasOnChosenBrokersInAsManyRacksAsThereAre(@ForAll long seed) {
        Random random = new Random(seed);
        Layout layout = any(random);
        Set<String> topics = some(layout.assignment().topics(), random);
        Set<Integer> brokers = some(layout.live(), random);
        OptionalInt factor =
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(brokers.size()));
        Goal goal = GOALS.get(random.nextInt(4));
        Assignment before = layout.assignment().only(partition -> topics.contains(partition.topic()));

        Outcome<Assignment> outcome = new Planner(layout).spread(topics, brokers, factor, goal);

        int most =
                before.replicas().values().stream().mapToInt(List::size).max().orElseThrow();
        if (factor.orElse(most) > brokers.size()) {
            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            return;
        }
        Assignment after = made(outcome);
        assertThat(after.replicas().keySet()).isEqualTo(before.replicas().keySet());
        int allRacks = racks(List.copyOf(brokers), layout);
        after.replicas().forEach((partition, replicas) -> {
            assertThat(replicas).hasSize(factor.orElse(before.of(partition).size()));
            assertThat(brokers).containsAll(replicas);
            assertThat(racks(replicas, layout)).isEqualTo(Math.min(allRacks, replicas.size()));
        });
        // the same again gives the same, and from there nothing is left to do
        assertThat(made(new Planner(layout).spread(topics, brokers, factor, goal)))
                .isEqualTo(after);
    }

    @Property(tries = 1500)
    void shouldBeEvenByCountWhereNoRackStandsInTheWay(@ForAll long seed) {
        Random random = new Random(seed);
        Layout some = any(random);
        Layout layout = new Layout(
                some.assignment(), TestingLayouts.brokersInRacks(some.live().size(), 0), some.bytes());
        boolean eachTopic = random.nextBoolean();
        Set<String> topics = some(layout.assignment().topics(), random);
        Goal goal = new Goal(Measure.COUNT, eachTopic);

        Assignment after = made(new Planner(layout).spread(topics, layout.live(), OptionalInt.empty(), goal));

        assertThat(gap(replicasByBroker(after, layout.live()))).isLessThan(2);
        if (after.replicas().values().stream().map(List::size).distinct().count() == 1) {
            // Else brokers with more replicas of those partitions that have few must lead more.
            assertThat(gap(leadersByBroker(after, layout.live()))).isLessThan(3);
        }
        if (eachTopic) {
            for (String topic : topics) {
                Assignment one = after.only(partition -> partition.topic().equals(topic));
                assertThat(gap(replicasByBroker(one, layout.live()))).isLessThan(2);
                assertThat(gap(leadersByBroker(one, layout.live()))).isLessThan(3);
            }
        }
    }

    @Property(tries = 1500)
    void shouldMoveNothingOnceItIsEven(@ForAll long seed) {
        Random random = new Random(seed);
        Layout layout = any(random);
        Set<String> topics = some(layout.assignment().topics(), random);
        Goal goal = GOALS.get(random.nextInt(4));
        Assignment once = made(new Planner(layout).spread(topics, layout.live(), OptionalInt.empty(), goal));
        Layout reached = new Layout(layout.assignment().with(once), layout.racks(), layout.bytes());

        Assignment twice = made(new Planner(reached).spread(topics, layout.live(), OptionalInt.empty(), goal));

        assertThat(Difference.between(once, twice, layout.bytes()).replicasAdded())
                .as("%s", goal)
                .isZero();
    }

    @Property(tries = 1500)
    void shouldMoveNoMoreThanLeavesWhatIsTooMuch(@ForAll long seed) {
        // given  no racks, all brokers up, and only the whole to be even
        Random random = new Random(seed);
        Layout some = any(random);
        Set<Integer> holders = new TreeSet<>(some.assignment().brokers());
        holders.addAll(some.live());
        Layout layout = new Layout(
                some.assignment(),
                TestingLayouts.brokers(
                        holders.stream().mapToInt(Integer::intValue).toArray()),
                some.bytes());
        Set<String> topics = layout.assignment().topics();

        Assignment after =
                made(new Planner(layout).spread(topics, holders, OptionalInt.empty(), new Goal(Measure.COUNT, false)));

        // then  each broker above the ceiling of the mean gives what is above it, and those below the floor are filled
        var before = replicasByBroker(layout.assignment(), holders);
        int total = before.values().stream().mapToInt(Integer::intValue).sum();
        int floor = total / holders.size();
        int ceiling = Math.ceilDiv(total, holders.size());
        int above =
                before.values().stream().mapToInt(n -> Math.max(0, n - ceiling)).sum();
        int below =
                before.values().stream().mapToInt(n -> Math.max(0, floor - n)).sum();
        int moved =
                Difference.between(layout.assignment(), after, layout.bytes()).replicasAdded();
        assertThat(moved).isBetween(Math.max(above, below), Math.max(above, below) + holders.size());
    }

    @Property(tries = 1500)
    void shouldDrainBrokersAndTouchNothingElse(@ForAll long seed) {
        Random random = new Random(seed);
        Layout layout = any(random);
        Set<Integer> holders = new TreeSet<>(layout.assignment().brokers());
        holders.addAll(layout.live());
        Set<Integer> leaving = some(holders, random);

        Outcome<Assignment> outcome =
                new Planner(layout).drain(Set.of(), leaving, random.nextBoolean() ? Measure.COUNT : Measure.BYTES);

        if (outcome instanceof Outcome.Refused<Assignment>) {
            Set<Integer> staying = new TreeSet<>(layout.live());
            staying.removeAll(leaving);
            assertThat(layout.assignment().replicas().values()).anyMatch(replicas -> replicas.size() > staying.size());
            return;
        }
        Assignment target = made(outcome);
        Assignment after = layout.assignment().with(target);
        assertThat(after.brokers()).doesNotContainAnyElementsOf(leaving);
        layout.assignment().replicas().forEach((partition, replicas) -> {
            List<Integer> kept = replicas.stream()
                    .filter(broker -> !leaving.contains(broker))
                    .toList();
            assertThat(after.of(partition)).hasSameSizeAs(replicas).containsAll(kept);
            assertThat(layout.live()).containsAll(added(replicas, after.of(partition)));
            if (kept.size() == replicas.size()) {
                assertThat(target.replicas()).doesNotContainKey(partition);
            } else if (kept.contains(replicas.getFirst())) {
                assertThat(after.of(partition)).startsWith(kept.toArray(Integer[]::new));
            } else if (kept.stream().anyMatch(layout.live()::contains)) {
                assertThat(kept).contains(after.of(partition).getFirst());
            }
        });
    }

    @Property(tries = 1500)
    void shouldChangeTheFactorAndKeepWhatCanStay(@ForAll long seed) {
        Random random = new Random(seed);
        Layout layout = any(random);
        Set<String> topics = some(layout.assignment().topics(), random);
        int factor = 1 + random.nextInt(layout.live().size());

        Assignment after = made(
                new Planner(layout).changeFactor(topics, factor, random.nextBoolean() ? Measure.COUNT : Measure.BYTES));

        assertThat(after.topics()).isEqualTo(new TreeSet<>(topics));
        after.replicas().forEach((partition, replicas) -> {
            List<Integer> before = layout.assignment().of(partition);
            assertThat(replicas).hasSize(factor);
            if (factor >= before.size()) {
                assertThat(replicas).startsWith(before.toArray(Integer[]::new));
            } else {
                assertThat(before).containsAll(replicas);
            }
            if (layout.live().contains(before.getFirst())) {
                assertThat(replicas.getFirst()).isEqualTo(before.getFirst());
            }
        });
    }

    @Property(tries = 500)
    void shouldBeEvenByBytesUnlessSinglePartitionsAreTooLarge(@ForAll long seed) {
        Random random = new Random(seed);
        Layout some = any(random);
        Layout layout = new Layout(
                some.assignment(), TestingLayouts.brokersInRacks(some.live().size(), 0), some.bytes());

        Assignment after = made(new Planner(layout)
                .spread(
                        layout.assignment().topics(),
                        layout.live(),
                        OptionalInt.empty(),
                        new Goal(Measure.BYTES, false)));

        TreeMap<Integer, Long> load = new TreeMap<>();
        layout.live().forEach(broker -> load.put(broker, 0L));
        after.replicas()
                .forEach((partition, replicas) ->
                        replicas.forEach(broker -> load.merge(broker, layout.bytesOf(partition), Long::sum)));
        long mean = load.values().stream().mapToLong(Long::longValue).sum() / load.size();
        // then  what no move of one replica could mend
        for (TopicPartition partition : after.replicas().keySet()) {
            for (int from : after.of(partition)) {
                for (int to : layout.live()) {
                    long size = layout.bytesOf(partition);
                    long gap = load.get(from) - load.get(to);
                    boolean could = size > 0
                            && gap > 2 * (mean / 100)
                            && size < gap - mean / 100
                            && !after.of(partition).contains(to);
                    assertThat(could)
                            .as("%s from %d to %d: %s", partition, from, to, load)
                            .isFalse();
                }
            }
        }
    }

    private static List<Integer> added(List<Integer> before, List<Integer> after) {
        return after.stream().filter(broker -> !before.contains(broker)).toList();
    }
}
