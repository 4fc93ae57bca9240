package io.ottla.console.reassignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.TestingCluster;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.Grant;
import io.ottla.console.access.NamePattern;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Difference;
import io.ottla.console.moves.Goal.Measure;
import io.ottla.console.moves.Outcome;
import io.ottla.console.moves.PartitionMove;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.TestingStore;
import io.ottla.console.state.TestingTime;
import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans in batches at two consoles of one cluster, of which one begins a plan and the other follows it. */
class PlanDriverTest {
    private static final Executions.Options BATCHES =
            new Executions.Options(OptionalLong.empty(), OptionalInt.of(2), false);

    private static final Executions.Options THROTTLED =
            new Executions.Options(OptionalLong.of(1_000_000), OptionalInt.of(2), true);

    private static final ConfigResource ORDERS = new ConfigResource(ConfigResource.Type.TOPIC, "orders");

    private final TestingTime time = new TestingTime();
    private final TestingStore store = new TestingStore();
    private final TestingCluster cluster = new TestingCluster();
    private final List<AuditEntry> trail = new ArrayList<>();

    /** One console: what it shows and does. */
    private final class Console {
        private final FollowedPlans followed = new FollowedPlans(new KnownEntries(store, time), time);
        private final MoveWatch watch = new MoveWatch(time, followed);
        private final Executions executions = new Executions(followed);
        private final Plans plans = new Plans(new PlanStore(time));
        private final Clusters clusters = new Clusters(List.of(definition("ottla")), definition -> cluster);
        private final PlanDriver driver;
        private boolean drives;

        Console() {
            driver = new PlanDriver(followed, clusters, () -> drives, trail::add, time, PerCluster.by(Runnable::run));
        }

        Visit visit() {
            return new Visit(
                    new Visitor("olga", List.of(Grant.everywhere(Role.OPERATOR))),
                    "127.0.0.1",
                    clusters.get("ottla"),
                    trail::add,
                    time);
        }

        Plan plan() {
            Wish wish =
                    new Wish(Wish.Kind.SPREAD, Set.of("orders"), Set.of(3), OptionalInt.of(1), Measure.COUNT, false);
            return switch (plans.make(visit(), wish)) {
                case Outcome.Made<Plan>(Plan plan) -> plan;
                case Outcome.Refused<Plan> refused -> throw new AssertionError(refused);
            };
        }

        void look() {
            time.pass(Duration.ofSeconds(2));
            driver.look();
        }
    }

    private final Console first = new Console();
    private final Console second = new Console();

    private static ClusterDefinition definition(String key) {
        return new ClusterDefinition(key, "Ottla", ClusterDefinition.Origin.BESIDE, "", "", Map.of(), false, true);
    }

    @BeforeEach
    void fill() {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            partitions.add(new Partition(i, 1, List.of(1, 2), List.of(1, 2)));
        }
        cluster.topics.put("orders", new Topic("orders", "", false, partitions));
        second.drives = true;
    }

    private Set<Integer> running() {
        return Set.copyOf(cluster.replicas.running.keySet().stream()
                .map(TopicPartition::partition)
                .toList());
    }

    @Test
    void shouldGoOnAtTheConsoleThatDrivesWhereverItBegan() {
        // given
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        assertThat(running()).containsExactlyInAnyOrder(0, 1);

        // when  nothing has arrived, or nobody drives
        second.look();
        second.drives = false;
        cluster.replicas.arrive();
        second.look();
        first.look();

        // then
        assertThat(running()).isEmpty();
        assertThat(first.executions.verify(first.visit(), Plans.current(first.visit(), Set.of("orders"))))
                .satisfies(found -> assertThat(found.anyRunning()).isTrue())
                .satisfies(found -> assertThat(found.cleared()).isFalse());
        assertThat(second.watch.look(second.visit()).waiting()).isEqualTo(4);

        // when  the other one begins to drive, and the first again
        second.drives = true;
        second.look();
        assertThat(running()).containsExactlyInAnyOrder(2, 3);
        assertThat(second.executions.state(second.visit())).hasValueSatisfying(state -> {
            assertThat(state.step()).isEqualTo(2);
            assertThat(state.steps()).isEqualTo(3);
            assertThat(state.clears()).isTrue();
            assertThat(state.problem()).isNull();
        });
        second.drives = false;
        first.drives = true;
        cluster.replicas.arrive();
        first.look();
        assertThat(running()).containsExactlyInAnyOrder(4, 5);
        assertThat(cluster.replicas.configs.get(ORDERS)).isNotEmpty();
        cluster.replicas.arrive();
        first.look();

        // then  the throttle has gone, the trail names who began it, and nothing is kept of it
        assertThat(cluster.replicas.configs.get(ORDERS)).isEmpty();
        assertThat(trail).extracting(AuditEntry::visitor).containsOnly("olga");
        time.pass(Duration.ofSeconds(3));
        assertThat(second.executions.state(second.visit())).isEmpty();
        assertThat(store.names(Folder.PLAN_PARTS)).isEmpty();
        second.executions.start(second.visit(), second.plan(), BATCHES);
    }

    @Test
    void shouldRefuseASecondPlanAtEachConsole() {
        first.executions.start(first.visit(), first.plan(), BATCHES);

        assertThatThrownBy(() -> second.executions.start(second.visit(), second.plan(), BATCHES))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageContaining("Another plan is at step 1 of 3");
        assertThat(running()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldCallOffAtEachConsole() {
        // given
        first.executions.start(first.visit(), first.plan(), THROTTLED);

        // when  the one that does not drive calls off
        assertThat(first.executions.cancel(first.visit(), List.of())).isEqualTo(2);

        // then  no step follows, and the throttle goes
        assertThat(running()).isEmpty();
        second.look();
        assertThat(running()).isEmpty();
        assertThat(cluster.replicas.configs.get(ORDERS)).isEmpty();
        assertThat(second.executions.state(second.visit())).isEmpty();

        // when  what goes without a throttle is called off between two steps
        first.executions.start(first.visit(), first.plan(), BATCHES);
        cluster.replicas.arrive();
        assertThat(first.executions.cancel(first.visit(), List.of())).isZero();
        second.look();

        // then
        assertThat(running()).isEmpty();
        assertThat(first.executions.state(first.visit())).isEmpty();
    }

    @Test
    void shouldAskAgainForAStepWhoseConsoleEndedBeforeItDid() {
        // given  a step that is noted, and was not asked for
        first.executions.start(first.visit(), first.plan(), BATCHES);
        cluster.replicas.arrive();
        FollowedPlans.Followed at = first.followed.ask("ottla").orElseThrow();
        assertThat(first.followed.update("ottla", at, at.plan().withStep(1))).isPresent();

        // when, then  another console leaves that to whoever noted it, for a while
        second.look();
        assertThat(running()).isEmpty();
        time.pass(Duration.ofSeconds(30));
        second.look();
        assertThat(running()).containsExactlyInAnyOrder(2, 3);
        assertThat(first.followed.ask("ottla").orElseThrow().plan().begun()).isTrue();
    }

    @Test
    void shouldBeginNoStepThatAnotherConsoleHasBegunOrCalledOff() {
        // given  two that have seen the same
        first.executions.start(first.visit(), first.plan(), BATCHES);
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();

        // when, then  one of them
        assertThat(second.followed.update("ottla", seen, seen.plan().withStep(1)))
                .isPresent();
        assertThat(first.followed.update("ottla", seen, seen.plan().withStep(1)))
                .isEmpty();

        // when  a step is asked for that has been called off since it was noted
        FollowedPlans.Followed noted = first.followed.ask("ottla").orElseThrow();
        second.executions.cancel(second.visit(), List.of());
        Executions.begin(first.followed, first.visit(), noted);

        // then  it is called off too
        assertThat(running()).isEmpty();
    }

    @Test
    void shouldNotTakeTheNextPlanForThisOne() {
        first.executions.start(first.visit(), first.plan(), BATCHES);
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();
        first.executions.cancel(first.visit(), List.of());
        second.executions.start(second.visit(), second.plan(), BATCHES);

        assertThat(first.followed.update("ottla", seen, seen.plan().withStep(2)))
                .isEmpty();
        assertThat(first.followed.end("ottla", seen)).isFalse();
        first.followed.fail("ottla", seen, Wording.of("moves.plan.lost"));
        assertThat(second.executions.state(second.visit()).orElseThrow().problem())
                .isNull();
    }

    @Test
    void shouldSayEverywhereWhyAPlanGoesOnNoMore() {
        // given  a plan whose next step is refused
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        cluster.replicas.arrive();
        cluster.replicas.refusals.put("alterPartitionReassignments", new InvalidReplicaAssignmentException("No."));

        // when
        second.look();
        second.look();

        // then  in the language of who reads it, and another plan may begin
        time.pass(Duration.ofSeconds(3));
        FollowedPlans.State state = first.executions.state(first.visit()).orElseThrow();
        assertThat(state.step()).isEqualTo(2);
        assertThat(state.problem().in(Locale.ENGLISH)).isNotEmpty();
        assertThat(first.followed.goesOn(first.visit())).isFalse();

        // when  it is called off
        cluster.replicas.refusals.clear();
        first.executions.cancel(first.visit(), List.of());
        second.look();

        // then  its throttle goes too
        assertThat(cluster.replicas.configs.get(ORDERS)).isEmpty();
        assertThat(second.executions.state(second.visit())).isEmpty();
    }

    @Test
    void shouldKeepTheThrottlesOfAPlanThatAnotherOneReplaces() {
        // given  a plan of which only the end is to come
        first.executions.start(
                first.visit(),
                first.plan(),
                new Executions.Options(OptionalLong.of(1_000_000), OptionalInt.empty(), true));
        cluster.replicas.arrive();
        cluster.topics.put(
                "other", new Topic("other", "", false, List.of(new Partition(0, 1, List.of(1), List.of(1)))));

        // when
        Wish wish = new Wish(Wish.Kind.FACTOR, Set.of("other"), Set.of(), OptionalInt.of(2), Measure.COUNT, false);
        Plan plan = ((Outcome.Made<Plan>) first.plans.make(first.visit(), wish)).value();
        first.executions.start(
                first.visit(), plan, new Executions.Options(OptionalLong.of(1_000_000), OptionalInt.empty(), true));
        cluster.replicas.arrive();
        second.look();

        // then
        assertThat(cluster.replicas.configs.get(ORDERS)).isEmpty();
        assertThat(cluster.replicas.configs.get(new ConfigResource(ConfigResource.Type.TOPIC, "other")))
                .isEmpty();
    }

    @Test
    void shouldNotFollowAPlanAtAnotherCluster() {
        first.executions.start(first.visit(), first.plan(), BATCHES);
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();
        KeptPlan plan = seen.plan();
        KeptPlan elsewhere = KeptPlan.first(plan.id(), "olga", "elsewhere", plan.parts(), 3, false, 0, Set.of());
        assertThat(first.followed.update("ottla", seen, elsewhere.withBegun(0))).isPresent();
        cluster.replicas.arrive();

        second.look();

        assertThat(running()).isEmpty();
        assertThat(second.executions.state(second.visit()).orElseThrow().problem())
                .hasToString("It was begun at the cluster elsewhere, but here is " + TestingCluster.ID
                        + " now. Call it off.");
    }

    @Test
    void shouldSayThatAPlanIsLostAndLetItBeCalledOff() {
        for (String lost : List.of("deleted", "damaged")) {
            // given
            first.executions.start(first.visit(), first.plan(), BATCHES);
            cluster.replicas.arrive();
            String part = store.names(Folder.PLAN_PARTS).getFirst();
            store.delete(Folder.PLAN_PARTS, part, -1);
            if (lost.equals("damaged")) {
                store.create(Folder.PLAN_PARTS, part, "{}".getBytes(StandardCharsets.UTF_8));
            }

            // when
            second.look();

            // then
            assertThat(second.executions.state(second.visit()).orElseThrow().problem())
                    .hasToString(Wording.of("moves.plan.lost").toString());
            second.executions.cancel(second.visit(), List.of());
            assertThat(second.executions.state(second.visit())).isEmpty();
            fill();
        }
        // when  there is something else in its place
        store.update(Folder.PLANS, "ottla", "[]".getBytes(StandardCharsets.UTF_8), version());

        // then
        second.look();
        assertThat(second.executions.state(second.visit())).isEmpty();
        second.executions.start(second.visit(), second.plan(), BATCHES);
    }

    private int version() {
        return store.read(Folder.PLANS, "ottla").orElseThrow().version();
    }

    @Test
    void shouldLeaveOutWhatIsGoneOrOtherwiseByThen() {
        // given
        cluster.topics.put("a", new Topic("a", "", false, List.of(new Partition(0, 1, List.of(1, 2), List.of(1, 2)))));
        Wish wish =
                new Wish(Wish.Kind.SPREAD, Set.of("a", "orders"), Set.of(3), OptionalInt.of(1), Measure.COUNT, false);
        Plan plan = ((Outcome.Made<Plan>) first.plans.make(first.visit(), wish)).value();
        first.executions.start(first.visit(), plan, BATCHES);
        assertThat(running()).containsExactlyInAnyOrder(0);
        cluster.replicas.arrive();

        // when  of those to come one has been moved by somebody else, one to where it is to be, and their topic goes
        // later
        List<Partition> now = new ArrayList<>(cluster.topics.get("orders").partitions());
        now.set(1, new Partition(1, 2, List.of(2), List.of(2)));
        now.set(2, new Partition(2, 3, List.of(3), List.of(3)));
        cluster.topics.put("orders", new Topic("orders", "", false, now));
        second.look();

        // then
        assertThat(running()).isEmpty();
        time.pass(Duration.ofSeconds(3));
        assertThat(first.executions.state(first.visit())).hasValueSatisfying(state -> {
            assertThat(state.problem()).isNull();
            assertThat(state.leftOut()).isEqualTo(1);
        });

        // when
        second.look();
        assertThat(running()).containsExactlyInAnyOrder(3, 4);
        cluster.replicas.running.clear();
        cluster.topics.remove("orders");
        second.look();

        // then  it goes to its end
        assertThat(running()).isEmpty();
        assertThat(first.followed.ask("ottla").orElseThrow().plan().leftOut()).isEqualTo(2);
        second.look();
        assertThat(first.followed.ask("ottla")).isEmpty();
    }

    @Test
    void shouldNotTakeATopicThatWasMadeAgainForTheOneBefore() {
        // given
        first.executions.start(first.visit(), first.plan(), BATCHES);
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();
        PlanSteps steps = seen.content();
        cluster.replicas.arrive();

        // when
        PlanSteps ofBefore =
                new PlanSteps(steps.steps(), steps.folders(), steps.throttled(), Map.of("orders", "another id"));
        Executions.begin(
                first.followed,
                first.visit(),
                new FollowedPlans.Followed(seen.plan().withStep(1), ofBefore, seen.version()));

        // then
        assertThat(running()).isEmpty();
        assertThat(first.followed.ask("ottla").orElseThrow().plan().leftOut()).isEqualTo(2);
    }

    @Test
    void shouldTakeTheThrottleFromABrokerThatWasDownWhenItIsBack() {
        // given
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "3");
        assertThat(cluster.replicas.configs.get(broker)).isNotEmpty();
        first.executions.cancel(first.visit(), List.of());

        // when
        cluster.down.add(3);
        second.look();
        second.look();

        // then
        assertThat(cluster.replicas.configs.get(ORDERS)).isEmpty();
        assertThat(cluster.replicas.configs.get(new ConfigResource(ConfigResource.Type.BROKER, "1")))
                .isEmpty();
        assertThat(cluster.replicas.configs.get(broker)).isNotEmpty();
        assertThat(first.followed.ask("ottla")).isPresent();

        // when
        cluster.down.clear();
        second.look();

        // then
        assertThat(cluster.replicas.configs.get(broker)).isEmpty();
        assertThat(first.followed.ask("ottla")).isEmpty();

        // when  it never comes back, and somebody calls off what is left
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        first.executions.cancel(first.visit(), List.of());
        cluster.down.add(3);
        second.look();
        first.executions.cancel(first.visit(), List.of());

        // then
        assertThat(first.followed.ask("ottla")).isEmpty();
    }

    @Test
    void shouldBeginNoPlanWhileTheThrottleOfTheOneBeforeIsTakenAway() {
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        first.executions.cancel(first.visit(), List.of());
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();
        assertThat(second.followed.update("ottla", seen, seen.plan().withClearing()))
                .isPresent();

        assertThatThrownBy(() -> first.executions.start(first.visit(), first.plan(), THROTTLED))
                .hasMessageContaining("is just being taken away");

        // when  the console that did so has ended
        second.look();
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        assertThat(cluster.replicas.configs.get(ORDERS)).isNotEmpty();
    }

    @Test
    void shouldNotTryForEverToTakeAwayAThrottleThatStays() {
        // given
        first.executions.start(first.visit(), first.plan(), THROTTLED);
        cluster.replicas.arrive();
        cluster.replicas.arrive();
        FollowedPlans.Followed seen = first.followed.ask("ottla").orElseThrow();
        cluster.replicas.refusals.put("incrementalAlterConfigs", new InvalidReplicaAssignmentException("No."));
        assertThat(first.followed.update("ottla", seen, seen.plan().withStep(2).withBegun(0)))
                .isPresent();

        // when, then  it says so, once
        second.look();
        KeptPlan failed = first.followed.ask("ottla").orElseThrow().plan();
        assertThat(failed.problem()).isNotNull();
        assertThat(failed.clearing()).isFalse();

        // when, then  it is called off
        first.executions.cancel(first.visit(), List.of());
        second.look();
        assertThat(first.followed.ask("ottla")).isEmpty();
    }

    @Test
    void shouldKeepAClusterInWhichAPlanMovesSomething() {
        // given
        first.executions.start(first.visit(), first.plan(), BATCHES);
        ManagedCluster managed = first.clusters.get("ottla");

        // when, then
        assertThatThrownBy(() -> second.followed.requireFree(managed))
                .isInstanceOf(ClusterFailure.class)
                .hasMessageContaining("Wait for its end, or call it off");

        // when  it can't be called off, or is over
        cluster.failure = new ClusterFailure(ClusterFailure.Reason.NO_ANSWER, Wording.quoted("down"));
        second.followed.requireFree(managed);
        cluster.failure = null;
        first.executions.cancel(first.visit(), List.of());
        second.followed.requireFree(managed);
    }

    @Test
    void shouldTellOfNoSizeOfWhatIsHidden() {
        // given
        first.executions.start(first.visit(), first.plan(), BATCHES);
        NamePattern any = NamePattern.ANY;
        Visitor tina = new Visitor(
                "tina",
                List.of(new Grant(Role.OPERATOR, List.of(any), List.of(new NamePattern("big*")), List.of(any))));
        Visit visit = new Visit(tina, "127.0.0.1", first.clusters.get("ottla"), trail::add, time);

        // when
        RunningMoves seen = first.watch.look(visit);

        // then
        assertThat(seen.isEmpty()).isTrue();
        assertThat(seen.total()).isZero();
        assertThat(seen.left()).isZero();
        assertThat(first.watch.look(first.visit()).waiting()).isEqualTo(4);
    }

    @Test
    void shouldForgetThePlanOfAClusterThatIsTakenAway() {
        first.executions.start(first.visit(), first.plan(), BATCHES);
        cluster.replicas.arrive();

        first.followed.forget("ottla");
        first.followed.forget("elsewhere");

        second.look();
        assertThat(running()).isEmpty();
        assertThat(second.executions.state(second.visit())).isEmpty();
        assertThat(store.names(Folder.PLAN_PARTS)).isEmpty();
    }

    @Test
    void shouldDeletePiecesThatBelongToNoPlan() {
        // given
        first.executions.start(first.visit(), first.plan(), BATCHES);
        String kept = store.names(Folder.PLAN_PARTS).getFirst();
        store.create(Folder.PLAN_PARTS, "ottla.gone.0000", new byte[0]);

        // when
        second.look();
        time.pass(Duration.ofMinutes(11));
        second.look();

        // then
        assertThat(store.names(Folder.PLAN_PARTS)).containsExactly(kept);
    }

    @Test
    void shouldGoOnAfterTheStoreWasAway() {
        first.executions.start(first.visit(), first.plan(), BATCHES);
        cluster.replicas.arrive();
        store.away = true;
        assertThatThrownBy(second::look).isInstanceOf(ClusterFailure.class);
        assertThatThrownBy(() -> first.executions.start(first.visit(), first.plan(), BATCHES))
                .isInstanceOf(ClusterFailure.class);
        store.away = false;
        second.look();

        assertThat(running()).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void shouldKeepPlansOfManyPartitions() {
        // given  more than one entry holds
        List<PartitionMove> moves = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            moves.add(new PartitionMove(
                    new TopicPartition("topic-" + i * 7919 % 10_007, i),
                    List.of(i % 7, i % 5 + 7),
                    List.of(i % 11, i % 3 + 11),
                    i * 1_299_709L));
        }
        PlanSteps steps = new PlanSteps(
                new Difference(moves).steps(1_000),
                Map.of(new TopicPartition("a", 1), List.of("any", "/data/1")),
                Set.of("a"),
                Map.of("a", "id-of-a"));

        // when
        List<byte[]> parts = steps.write();

        // then
        assertThat(parts).hasSizeBetween(2, 20);
        assertThat(PlanSteps.read(parts)).hasValue(steps);
    }

    @Test
    void shouldKeepSentencesInNoLanguage() {
        Wording said = Wording.of("moves.some-refused", 2, 3L, "orders-0", Wording.of("moves.plan.gone"));
        store.create(Folder.PLANS, "said", Json.write(Said.of(said)));
        Said read = Json.read(store.read(Folder.PLANS, "said").orElseThrow(), Said.class)
                .orElseThrow();

        assertThat(read.wording().in(Locale.CHINESE)).isEqualTo(said.in(Locale.CHINESE));
        assertThat(read.wording().toString()).isEqualTo(said.toString());
        assertThat(new Said("of.a.later.version", List.of("x")).wording()).hasToString("of.a.later.version [x]");
    }
}
