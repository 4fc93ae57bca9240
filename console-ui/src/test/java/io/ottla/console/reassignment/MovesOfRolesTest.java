package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.Action;
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
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Goal.Measure;
import io.ottla.console.moves.Outcome;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.TestingStore;
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

    private static final Executions.Options BATCHES =
            new Executions.Options(OptionalLong.empty(), OptionalInt.of(1), false);

    private final TestingCluster cluster =
            new TestingCluster().with("orders", 2).with("payments", 2);
    private final List<AuditEntry> trail = new ArrayList<>();
    private final PlanStore store = new PlanStore(() -> Instant.EPOCH);
    private final Plans plans = new Plans(store);
    private final FollowedPlans followed =
            new FollowedPlans(new KnownEntries(new TestingStore(), () -> Instant.EPOCH), () -> Instant.EPOCH);
    private final MoveWatch watch = new MoveWatch(() -> Instant.EPOCH, followed);
    private final Executions executions = new Executions(followed);

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
    void shouldNotNameWhatHeMayNotSeeWhereABrokerIsDrained() {
        // given
        Visit operator = visit("olga", Role.OPERATOR, "ord*", false);

        // when, then  of all that it holds, of which some is hidden from her
        assertThatThrownBy(() -> plans.make(operator, drain(Set.of())))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("topics, too, for which the role of olga")
                .hasMessageNotContaining("payments");

        // when  of what is hers
        cluster.topics.put("orders", new Topic("orders", "", false, List.of(only(0, 1), only(1, 2))));
        Plan plan = made(operator, drain(Set.of("orders")));

        // then
        assertThat(plan.topics()).containsExactly("orders");
        assertThat(plan.difference().moves()).singleElement().satisfies(move -> {
            assertThat(move.partition()).isEqualTo(new TopicPartition("orders", 0));
            assertThat(move.after()).doesNotContain(1);
        });
    }

    private static Wish drain(Set<String> topics) {
        return new Wish(Wish.Kind.DRAIN, topics, Set.of(1), OptionalInt.empty(), Measure.COUNT, false);
    }

    private static Partition only(int id, int broker) {
        return new Partition(id, broker, List.of(broker), List.of(broker));
    }

    @Test
    void shouldNotNameWhatHeMayNotSeeWhereAPlanIsCalledOff() {
        // given  a plan of both topics, in batches
        Visit all = visit("admin", Role.ADMIN, "*", false);
        Wish both = new Wish(
                Wish.Kind.SPREAD, Set.of("orders", "payments"), Set.of(1), OptionalInt.of(1), Measure.COUNT, false);
        executions.start(all, made(all, both), BATCHES);
        cluster.replicas.arrive();

        // when, then
        assertThatThrownBy(() -> executions.cancel(visit("olga", Role.OPERATOR, "ord*", false), List.of()))
                .isInstanceOf(Forbidden.class)
                .hasMessageNotContaining("payments");
        assertThat(executions.cancel(all, List.of())).isZero();
    }

    @Test
    void shouldCountTheBatchesToCome() {
        // given  four partitions one after the other, whose sizes are a megabyte and two for each topic
        Visit all = visit("admin", Role.ADMIN, "*", false);
        cluster.topics.put("orders", new Topic("orders", "", false, List.of(only(0, 1), only(1, 1))));
        cluster.topics.remove("payments");
        Plan plan = made(
                all, new Wish(Wish.Kind.SPREAD, Set.of("orders"), Set.of(2), OptionalInt.of(1), Measure.COUNT, false));
        executions.start(all, plan, BATCHES);

        // when
        RunningMoves first = watch.look(all);
        cluster.replicas.arrive();
        RunningMoves between = watch.look(all);

        // then
        assertThat(first.moves()).hasSize(1);
        assertThat(first.waiting()).isEqualTo(1);
        assertThat(first.total()).isEqualTo(3_000_000);
        assertThat(first.left()).isEqualTo(2_750_000);
        assertThat(between.isEmpty()).isFalse();
        assertThat(between.moves()).isEmpty();
        assertThat(between.waiting()).isEqualTo(1);
        assertThat(between.total()).isEqualTo(3_000_000);
        assertThat(between.left()).isEqualTo(2_000_000);
        assertThat(between.percent()).isEqualTo(33);
        assertThat(executions.verify(all, plan.file().assignment()))
                .satisfies(found -> assertThat(found.anyRunning()).isTrue())
                .satisfies(found -> assertThat(found.cleared()).isFalse());

        // when  nothing more is to come
        executions.cancel(all, List.of());

        // then
        assertThat(watch.look(all).waiting()).isZero();
    }

    @Test
    void shouldSayThatTheClusterIsReadOnlyWhateverTheRole() {
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
            Visit bound = visit("olga", role, "ord*", true);
            assertThatThrownBy(() -> bound.requireSomewhere(Action.REASSIGN))
                    .isInstanceOf(Forbidden.class)
                    .hasMessageContaining("read-only here");
            assertThatThrownBy(() -> bound.require(Action.EDIT_BROKER))
                    .isInstanceOf(Forbidden.class)
                    .hasMessageContaining("read-only here");
            assertThatThrownBy(() -> bound.require(Action.DELETE_TOPIC, "orders"))
                    .isInstanceOf(Forbidden.class)
                    .hasMessageContaining("read-only here");
        }
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
