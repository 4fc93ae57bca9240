package io.ottla.console.moves;

import static io.ottla.console.moves.TestingLayouts.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.moves.Difference.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.TopicPartition;

class DifferenceTest {
    private static final Assignment BEFORE = new Assignment(Map.of(
            partition("t", 0), List.of(1, 2),
            partition("t", 1), List.of(2, 1),
            partition("t", 2), List.of(1, 2)));
    private static final Assignment AFTER = new Assignment(Map.of(
            partition("t", 0), List.of(3, 4, 2),
            partition("t", 1), List.of(1, 2),
            partition("t", 2), List.of(1, 2)));
    private static final Map<TopicPartition, Long> BYTES = Map.of(partition("t", 0), 100L, partition("t", 1), 7L);

    @Example
    void shouldNameWhatChangesAndWhatItCosts() {
        Difference difference = Difference.between(BEFORE, AFTER, BYTES);

        assertThat(difference.moves()).hasSize(2);
        PartitionMove moved = difference.moves().getFirst();
        assertThat(moved.added()).containsExactly(3, 4);
        assertThat(moved.removed()).containsExactly(1);
        assertThat(moved.leaderChanges()).isTrue();
        assertThat(moved.onlyOrder()).isFalse();
        assertThat(moved.bytesToCopy()).isEqualTo(200);
        PartitionMove reordered = difference.moves().getLast();
        assertThat(reordered.onlyOrder()).isTrue();
        assertThat(reordered.leaderChanges()).isTrue();
        assertThat(reordered.bytesToCopy()).isZero();
        assertThat(difference.bytesToCopy()).isEqualTo(200);
        assertThat(difference.leadersChanged()).isEqualTo(2);
        assertThat(difference.replicasRemoved()).isEqualTo(1);
        assertThat(difference.traffic())
                .isEqualTo(Map.of(1, new Traffic(0, 200, 100), 3, new Traffic(100, 0, 0), 4, new Traffic(100, 0, 0)));
    }

    @Example
    void shouldGoInStepsOfFewPartitions() {
        Difference difference = Difference.between(BEFORE, AFTER, BYTES);

        assertThat(difference.steps(1))
                .hasSize(2)
                .allSatisfy(step -> assertThat(step.moves()).hasSize(1));
        assertThat(difference.steps(5)).containsExactly(difference);
        assertThat(new Difference(List.of()).steps(5)).isEmpty();
    }

    @Example
    void shouldRefusePartitionsThatWereNotThere() {
        Assignment other = new Assignment(Map.of(partition("u", 0), List.of(1)));
        assertThatThrownBy(() -> Difference.between(BEFORE, other, BYTES)).hasMessageContaining("u-0");
    }

    @Property
    void shouldLeadThereAndBack(@ForAll long seed) {
        Random random = new Random(seed);
        Layout layout = TestingLayouts.any(random);
        Assignment before = layout.assignment();
        Assignment after = TestingLayouts.made(new Planner(layout)
                .changeFactor(before.topics(), 1 + random.nextInt(layout.live().size()), Goal.Measure.COUNT));

        Difference difference = Difference.between(before, after, layout.bytes());

        Assignment reached = before.with(difference.after());
        assertThat(reached).isEqualTo(after);
        assertThat(reached.with(difference.before())).isEqualTo(before);
        long in = difference.traffic().values().stream().mapToLong(Traffic::in).sum();
        long out =
                difference.traffic().values().stream().mapToLong(Traffic::out).sum();
        assertThat(in).isEqualTo(out).isEqualTo(difference.bytesToCopy());
    }
}
