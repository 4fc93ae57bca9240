package io.ottla.coordinator.group.assign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.apache.kafka.coordinator.group.assignor.RangeAssignor;
import org.junit.jupiter.api.Test;

/** Kafka's own assignors, given the same groups in the same state: ours share as evenly or more so, and move as little. */
final class KafkaAssignorsTest {
    private static final int GROUPS = 300;
    private static final int CHANGES = 12;
    private static final GroupAssignor UNIFORM = new UniformAssignor();
    private static final GroupAssignor RANGE = new io.ottla.coordinator.group.assign.RangeAssignor();
    private static final GroupAssignor KAFKA_UNIFORM =
            new KafkaAssignor(new org.apache.kafka.coordinator.group.assignor.UniformAssignor());
    private static final GroupAssignor KAFKA_RANGE = new KafkaAssignor(new RangeAssignor());

    /** What two assignors made of the same groups. */
    private static final class Tally {
        private long moved;
        private long kafkaMoved;
        private long moreEven;

        void add(TestingGroup group, Map<String, Assignment> ours, Map<String, Assignment> kafkas) {
            moved += group.moved(ours);
            kafkaMoved += group.moved(kafkas);
            moreEven += unevenness(kafkas) - unevenness(ours);
        }
    }

    /** The smaller, the more even. */
    private static long unevenness(Map<String, Assignment> target) {
        return target.values().stream()
                .mapToLong(each -> (long) each.size() * each.size())
                .sum();
    }

    @Test
    void shouldShareAmongEqualsAsEvenlyAsKafkaAndMoveNoMore() {
        for (int seed = 0; seed < GROUPS; seed++) {
            TestingGroup group = new TestingGroup(new Random(seed), true, false);
            for (int i = 0; i < CHANGES; i++) {
                Map<String, Assignment> ours = UNIFORM.assign(group.input());
                Map<String, Assignment> kafkas = KAFKA_UNIFORM.assign(group.input());
                assertThat(unevenness(ours)).isEqualTo(unevenness(kafkas));
                assertThat(group.moved(ours)).isLessThanOrEqualTo(group.moved(kafkas));
                group.settle(seed % 2 == 0 ? ours : kafkas);
                group.change();
            }
        }
    }

    @Test
    void shouldShareAmongDifferentSubscribersMoreEvenlyThanKafka() {
        Tally tally = new Tally();
        for (int seed = 0; seed < GROUPS; seed++) {
            TestingGroup group = new TestingGroup(new Random(seed), false, false);
            for (int i = 0; i < CHANGES; i++) {
                Map<String, Assignment> ours = UNIFORM.assign(group.input());
                Map<String, Assignment> kafkas = KAFKA_UNIFORM.assign(group.input());
                assertThat(unevenness(ours)).isLessThanOrEqualTo(unevenness(kafkas));
                tally.add(group, ours, kafkas);
                group.settle(seed % 2 == 0 ? ours : kafkas);
                group.change();
            }
        }
        assertThat(tally.moreEven).isPositive();
        // To be more even takes more moves: two of a hundred.
        assertThat(tally.moved).isLessThan(tally.kafkaMoved * 105 / 100);
    }

    @Test
    void shouldGiveANewGroupTheRangesThatKafkaGives() {
        for (int seed = 0; seed < GROUPS; seed++) {
            TestingGroup group = new TestingGroup(new Random(seed), true, false);
            group.topics
                    .keySet()
                    .removeIf(id -> group.topics.get(id).partitions()
                            != group.topics.values().iterator().next().partitions());
            group.resubscribeAll();
            assertThat(RANGE.assign(group.input())).isEqualTo(KAFKA_RANGE.assign(group.input()));
        }
    }

    @Test
    void shouldMoveLessThanKafkaOfRanges() {
        Tally tally = new Tally();
        for (int seed = 0; seed < GROUPS; seed++) {
            TestingGroup group = new TestingGroup(new Random(seed), seed % 3 > 0, false);
            for (int i = 0; i < CHANGES; i++) {
                Map<String, Assignment> ours = RANGE.assign(group.input());
                Map<String, Assignment> kafkas = KAFKA_RANGE.assign(group.input());
                tally.add(group, ours, kafkas);
                group.settle(seed % 2 == 0 ? ours : kafkas);
                group.change();
            }
        }
        assertThat(tally.moved).isLessThan(tally.kafkaMoved);
    }
}
