package io.ottla.console.moves;

import static io.ottla.console.moves.TestingLayouts.partition;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Distribution.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SpreadTest {
    @Example
    void shouldCountBrokersThatHoldMoreThanTheirShare() {
        // given  five replicas on two of three brokers, both leaders on one
        Assignment assignment = new Assignment(Map.of(
                partition("t", 0), List.of(1, 2),
                partition("t", 1), List.of(1, 2),
                partition("t", 2), List.of(1, 2),
                partition("t", 3), List.of(1)));

        Spread spread = assignment.spread(Set.of(1, 2, 3));

        // then  seven replicas on two brokers may be four on each, four partitions two leaders
        assertThat(spread.percent()).isEqualTo(66);
        assertThat(spread.skewPercent()).isZero();
        assertThat(spread.leaderSkewPercent()).isEqualTo(50);
        assertThat(spread.shares())
                .isEqualTo(Map.of(
                        1, new Spread.Share(4, 4, false, true),
                        2, new Spread.Share(3, 0, false, false),
                        3, new Spread.Share(0, 0, false, false)));
    }

    @Example
    void shouldCountSkewAmongTheHolders() {
        Assignment assignment = new Assignment(Map.of(
                partition("t", 0), List.of(1),
                partition("t", 1), List.of(1),
                partition("t", 2), List.of(1),
                partition("t", 3), List.of(2)));

        assertThat(assignment.spread(Set.of(1, 2, 3, 4)).skewPercent()).isEqualTo(50);
    }

    @Example
    void shouldCountTheLeadersThatThereAre() {
        Topic topic = new Topic(
                "t",
                "",
                false,
                List.of(
                        new Partition(0, 2, List.of(1, 2), List.of(1, 2)),
                        new Partition(1, Partition.NO_LEADER, List.of(2, 1), List.of())));

        assertThat(Spread.of(List.of(topic), Set.of(1, 2)).shares())
                .isEqualTo(Map.of(1, new Spread.Share(2, 0, false, false), 2, new Spread.Share(2, 1, false, false)));
        assertThat(Distribution.of(topic, Set.of(3)))
                .isEqualTo(new Distribution(
                        List.of(1, 2, 3),
                        List.of(
                                new Distribution.Row(partition("t", 0), List.of(Role.FOLLOWER, Role.LEADER, Role.NONE)),
                                new Distribution.Row(
                                        partition("t", 1), List.of(Role.FOLLOWER, Role.FOLLOWER, Role.NONE)))));
    }

    @Example
    void shouldHaveFiguresForNothing() {
        Spread spread = Assignment.EMPTY.spread(Set.of());
        assertThat(spread.percent()).isEqualTo(100);
        assertThat(spread.skewPercent()).isZero();
        assertThat(spread.leaderSkewPercent()).isZero();
    }

    @Property
    void shouldStayWithinAHundredPercentAndCountEachReplicaOnce(@ForAll long seed) {
        Layout layout = TestingLayouts.any(new java.util.Random(seed));

        Spread spread = layout.assignment().spread(layout.live());

        assertThat(List.of(spread.percent(), spread.skewPercent(), spread.leaderSkewPercent()))
                .allSatisfy(percent -> assertThat(percent).isBetween(0, 100));
        assertThat(spread.shares().values().stream()
                        .mapToInt(Spread.Share::leaders)
                        .sum())
                .isEqualTo(layout.assignment().size());
        Distribution distribution = Distribution.of(layout.assignment(), layout.live());
        for (int column = 0; column < distribution.brokers().size(); column++) {
            int at = column;
            assertThat(distribution.rows().stream().filter(row -> row.roles().get(at) != Role.NONE))
                    .hasSize(spread.shares().get(distribution.brokers().get(at)).replicas());
        }
    }
}
