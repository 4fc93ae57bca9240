package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.moves.Goal.Measure;
import io.ottla.console.moves.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Who may move what. */
class MovesOfRolesTest {
    private static final Executions.Options PLAIN =
            new Executions.Options(OptionalLong.empty(), OptionalInt.empty(), false);

    private final TestingCluster cluster =
            new TestingCluster().with("orders", 2).with("payments", 2);
    private final List<AuditEntry> trail = new ArrayList<>();
    private final MoveWatch watch = new MoveWatch(() -> Instant.EPOCH);
    private final PlanStore store = new PlanStore(() -> Instant.EPOCH);
    private final Plans plans = new Plans(store);
    private final Executions executions = new Executions(new StepRunner(Duration.ofHours(1)));

    private Visit visit(String name, Role role, String topics, boolean readOnly) {
        NamePattern any = NamePattern.ANY;
        return new Visit(
                new Visitor(
                        name, List.of(new Grant(role, List.of(any), List.of(new NamePattern(topics)), List.of(any)))),
                "127.0.0.1",
                new ManagedCluster(
                        new ClusterDefinition(
                                "ottla", "Ottla", ClusterDefinition.Origin.BESIDE, "", "", Map.of(), readOnly, true),
                        cluster),
                trail::add,
                () -> Instant.EPOCH);
    }

    private static Wish spread(String topic) {
        return new Wish(Wish.Kind.SPREAD, Set.of(topic), Set.of(1), OptionalInt.of(1), Measure.COUNT, false);
    }

    @Test
    void shouldPlanAndMoveOnlyTopicsOfHisPatterns() {
        Visit operator = visit("olga", Role.OPERATOR, "ord*", false);
        Plan plan = made(operator, spread("orders"));

        executions.start(operator, plan, PLAIN);

        assertThat(cluster.replicas.running.keySet()).allMatch(at -> at.topic().equals("orders"));
        assertThat(trail.getLast().names()).containsExactly("orders");
        assertThatThrownBy(() -> plans.make(operator, spread("payments"))).isInstanceOf(ClusterFailure.class);
        assertThatThrownBy(() -> plans.make(visit("olga", Role.VIEWER, "*", false), spread("orders")))
                .isInstanceOf(Forbidden.class);
        assertThatThrownBy(() -> plans.make(visit("olga", Role.OPERATOR, "*", true), spread("orders")))
                .isInstanceOf(Forbidden.class);
    }

    @Test
    void shouldGivePlansToTheirMakerAlone() {
        Visit olga = visit("olga", Role.OPERATOR, "*", false);
        Plan plan = made(olga, spread("orders"));

        assertThat(store.get(olga, plan.id())).isEqualTo(plan);
        assertThatThrownBy(() -> store.get(visit("pete", Role.ADMIN, "*", false), plan.id()))
                .isInstanceOf(ClusterFailure.class);
        for (int i = 0; i < 5; i++) {
            made(olga, spread("orders"));
        }
        assertThatThrownBy(() -> store.get(olga, plan.id()))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageContaining("not here any more");
    }

    @Test
    void shouldShowAndCallOffOnlyMovesOfHisTopics() {
        Visit all = visit("admin", Role.ADMIN, "*", false);
        executions.start(all, made(all, spread("orders")), PLAIN);
        executions.start(all, made(all, spread("payments")), PLAIN);

        Visit operator = visit("olga", Role.OPERATOR, "pay*", false);
        assertThat(watch.look(operator).moves())
                .extracting(RunningMove::partition)
                .allMatch(at -> at.topic().equals("payments"));
        assertThatThrownBy(() -> executions.cancel(operator, List.of(new TopicPartition("orders", 0))))
                .isInstanceOf(ClusterFailure.class);
        assertThatThrownBy(() -> executions.cancel(visit("vera", Role.VIEWER, "*", false), List.of()))
                .isInstanceOf(Forbidden.class);
        assertThat(executions.cancel(operator, List.of())).isEqualTo(2);
        assertThat(cluster.replicas.running.keySet()).allMatch(at -> at.topic().equals("orders"));
    }

    @Test
    void shouldWantAnAdministratorForAnUncleanElection() {
        TopicPartition at = new TopicPartition("orders", 0);
        assertThatThrownBy(() -> Elections.unclean(visit("olga", Role.OPERATOR, "*", false), at))
                .isInstanceOf(Forbidden.class);
        assertThat(Elections.unclean(visit("admin", Role.ADMIN, "*", false), at).failed())
                .isEmpty();
    }

    private Plan made(Visit visit, Wish wish) {
        return switch (plans.make(visit, wish)) {
            case Outcome.Made<Plan>(Plan plan) -> plan;
            case Outcome.Refused<Plan> refused -> throw new AssertionError(refused);
        };
    }
}
