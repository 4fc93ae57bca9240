package io.ottla.coordinator.group.assign;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.types.TopicId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Assignments compute as sets of pairs do. */
class AssignmentPropertyTest {
    private record Pair(TopicId topic, int partition) {}

    @Provide
    Arbitrary<Map<TopicId, Set<Integer>>> maps() {
        return Arbitraries.maps(
                        Arbitraries.longs().between(1, 4).map(number -> new TopicId(7, number)),
                        Arbitraries.integers().between(0, 9).set().ofMaxSize(6))
                .ofMaxSize(4);
    }

    @Property
    void shouldComputeAsSetsOfPairs(
            @ForAll("maps") Map<TopicId, Set<Integer>> one, @ForAll("maps") Map<TopicId, Set<Integer>> other) {
        // given
        Assignment left = assignment(one);
        Assignment right = assignment(other);
        Set<Pair> union = new HashSet<>(pairs(left));
        union.addAll(pairs(right));
        Set<Pair> minus = new HashSet<>(pairs(left));
        minus.removeAll(pairs(right));
        Set<Pair> both = new HashSet<>(pairs(left));
        both.retainAll(pairs(right));

        // when, then
        assertThat(pairs(left.union(right))).isEqualTo(union);
        assertThat(pairs(left.minus(right))).isEqualTo(minus);
        assertThat(pairs(left.intersection(right))).isEqualTo(both);
        assertThat(left.union(right).size()).isEqualTo(union.size());
        assertThat(left.minus(left)).isEqualTo(Assignment.NONE);
        assertThat(left.minus(right).isEmpty()).isEqualTo(minus.isEmpty());
    }

    @Property
    void shouldKeepNumbersAscendingAndOnce(@ForAll List<Integer> numbers) {
        // when
        PartitionSet set = PartitionSet.of(numbers);

        // then
        assertThat(set.asList()).isEqualTo(List.copyOf(new TreeSet<>(numbers)));
        assertThat(set.size()).isEqualTo(new HashSet<>(numbers).size());
        numbers.forEach(number -> assertThat(set.contains(number)).isTrue());
    }

    private static Assignment assignment(Map<TopicId, Set<Integer>> topics) {
        Map<TopicId, PartitionSet> sets = new HashMap<>();
        topics.forEach((topic, numbers) -> sets.put(topic, PartitionSet.of(numbers)));
        return new Assignment(sets);
    }

    private static Set<Pair> pairs(Assignment assignment) {
        Set<Pair> pairs = new HashSet<>();
        assignment
                .topics()
                .forEach((topic, partitions) -> partitions.forEach(number -> {
                    assertThat(assignment.contains(topic, number)).isTrue();
                    pairs.add(new Pair(topic, number));
                }));
        return pairs;
    }
}
