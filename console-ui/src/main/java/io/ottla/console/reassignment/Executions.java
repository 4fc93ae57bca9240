package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Forbidden;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.Difference;
import io.ottla.console.moves.PartitionMove;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.ReplicaNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and calls off moves, for pages and the API alike. */
public final class Executions {
    private static final Logger log = LoggerFactory.getLogger(Executions.class);

    /** Partitions of a move that are named where it is written down. */
    private static final int MOST_NAMED = 20;

    /**
     * How a plan is executed.
     *
     * @param throttle bytes per second that each broker copies at most; empty: no bound
     * @param batch partitions that move at once; empty: all of them
     * @param clear whether the throttle is taken away when all has arrived
     */
    public record Options(OptionalLong throttle, OptionalInt batch, boolean clear) {}

    private final FollowedPlans followed;

    Executions(FollowedPlans followed) {
        this.followed = followed;
    }

    /**
     * Starts to move. What is thereby bounded and named in the settings is so before the first byte moves; what is done in steps, or
     * with a bound, is followed, see {@link FollowedPlans}.
     *
     * @throws ClusterFailure where the cluster is no longer as it was when the plan was made, or refuses
     */
    public void start(Visit visit, Plan plan, Options options) {
        plan.topics().forEach(topic -> visit.require(Action.REASSIGN, topic));
        if (options.batch().isPresent() && options.batch().getAsInt() < 1) {
            throw refused(Wording.of(
                    "moves.batch.too-small", Integer.toString(options.batch().getAsInt())));
        }
        if (options.throttle().isPresent()) {
            visit.require(Action.THROTTLE);
            Throttles.requireRate(options.throttle().getAsLong());
        }
        List<Topic> topics = Layouts.topics(visit, plan.topics());
        Map<TopicPartition, List<Integer>> changed = Plans.changed(plan, topics);
        if (!changed.isEmpty()) {
            throw new ClusterFailure(
                    ClusterFailure.Kind.OUTDATED,
                    Wording.of(
                            "moves.plan.outdated",
                            changed.size(),
                            changed.keySet().iterator().next().toString()));
        }
        followed.requireIdle(visit);
        Difference all = plan.difference();
        if (all.isEmpty()) {
            moveFolders(visit, plan);
        } else if (options.batch().isEmpty() && options.throttle().isEmpty()) {
            move(visit, all, plan.folders());
        } else {
            follow(visit, plan, options, topics);
        }
    }

    private void follow(Visit visit, Plan plan, Options options, List<Topic> topics) {
        Difference all = plan.difference();
        Set<Integer> copying = new TreeSet<>(options.throttle().isPresent() ? plan.brokers() : Set.of());
        copying.retainAll(Throttles.live(visit)); // One that is down copies nothing, and would not answer.
        FollowedPlans.Followed made = followed.follow(
                visit,
                plan,
                options.batch().isPresent() ? all.steps(options.batch().getAsInt()) : List.of(all),
                topics.stream().collect(Collectors.toMap(Topic::name, Topic::id)),
                options.throttle().isPresent() && options.clear(),
                options.throttle().orElse(0),
                copying);
        try {
            begin(followed, visit, made);
        } catch (ClusterFailure | Forbidden failure) {
            try {
                followed.giveUp(visit.key(), made);
            } catch (ClusterFailure away) {
                failure.addSuppressed(away);
            }
            throw failure;
        }
    }

    /**
     * Asks for the step that a plan is at, and notes that; where the plan was called off meanwhile it is too. Partitions that are no
     * longer as they were when the plan was made, and those of topics that are gone or others now, are left out.
     */
    static void begin(FollowedPlans followed, Visit visit, FollowedPlans.Followed plan) {
        if (plan.plan().step() == 0) {
            throttle(visit, plan);
        }
        Difference step = plan.current();
        Assignment now = now(visit, plan);
        Difference due = new Difference(step.moves().stream()
                .filter(move -> now.of(move.partition()).equals(move.before()))
                .toList());
        Set<TopicPartition> changed = step.moves().stream()
                .filter(move -> !now.of(move.partition()).equals(move.before()))
                .filter(move -> !now.of(move.partition()).equals(move.after()))
                .map(PartitionMove::partition)
                .collect(Collectors.toSet());
        if (!due.isEmpty()) {
            move(visit, due, plan.content().folders());
        }
        if (!changed.isEmpty()) {
            changed.removeAll(MoveWatch.list(visit).keySet()); // This step was asked for before.
        }
        if (!changed.isEmpty()) {
            log.warn(
                    "Of the plan for {} {} partitions are left out, which were not as it was made for: {}",
                    visit.key(),
                    changed.size(),
                    changed.stream().limit(MOST_NAMED).toList());
        }
        if (!followed.begun(visit.key(), plan, changed.size())) {
            Set<TopicPartition> asked = new HashSet<>(due.after().replicas().keySet());
            asked.retainAll(MoveWatch.list(visit).keySet());
            callOff(visit, asked);
        }
    }

    /** Before the first byte moves, for all steps. */
    private static void throttle(Visit visit, FollowedPlans.Followed plan) {
        if (plan.plan().rate() > 0) {
            PlanSteps content = plan.content();
            Set<Integer> brokers = new TreeSet<>(plan.plan().bounded());
            brokers.retainAll(Throttles.live(visit));
            Throttles.setRates(visit, brokers, plan.plan().rate());
            visit.change(
                    Change.of(Action.REASSIGN, List.copyOf(content.topics())).with("throttle", "named"), admin -> {
                        Throttles.setReplicas(
                                visit,
                                admin,
                                content.steps().stream()
                                        .flatMap(step -> step.moves().stream())
                                        .toList());
                        return null;
                    });
        }
    }

    /** Who holds what a step moves; topics that were deleted and made again are others. */
    private static Assignment now(Visit visit, FollowedPlans.Followed plan) {
        List<Topic> topics =
                new ArrayList<>(Layouts.topics(visit, plan.current().after().topics()));
        topics.removeIf(topic -> !topic.id().equals(plan.content().ids().get(topic.name())));
        return Assignment.of(topics);
    }

    /** As {@link FollowedPlans#state}. */
    public Optional<FollowedPlans.State> state(Visit visit) {
        return followed.state(visit);
    }

    /** Whether each partition of an assignment has arrived; takes throttles away where nothing moves, and no step is to come. */
    public Verification verify(Visit visit, Assignment wanted) {
        return Verification.of(visit, wanted, followed.goesOn(visit));
    }

    /** Sets the rate of all live brokers, and makes it hold for what runs. */
    public void throttle(Visit visit, long bytesPerSecond) {
        Throttles.setRates(visit, Throttles.live(visit), bytesPerSecond);
        List<PartitionMove> running = MoveWatch.list(visit).entrySet().stream()
                .filter(entry -> visit.may(Action.REASSIGN, entry.getKey().topic()))
                .map(entry -> move(entry.getKey(), entry.getValue()))
                .toList();
        if (!running.isEmpty()) {
            List<String> topics = running.stream()
                    .map(move -> move.partition().topic())
                    .distinct()
                    .sorted()
                    .toList();
            visit.change(Change.of(Action.REASSIGN, topics).with("throttle", "named"), admin -> {
                Throttles.setReplicas(visit, admin, running);
                return null;
            });
        }
    }

    private static PartitionMove move(TopicPartition at, PartitionReassignment running) {
        return new PartitionMove(
                at,
                running.replicas().stream()
                        .filter(broker -> !running.addingReplicas().contains(broker))
                        .toList(),
                running.replicas().stream()
                        .filter(broker -> !running.removingReplicas().contains(broker))
                        .toList(),
                0);
    }

    /** One step of a plan. */
    static void move(Visit visit, Difference step, Map<TopicPartition, List<String>> folders) {
        Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
        step.moves()
                .forEach(move -> asked.put(move.partition(), Optional.of(new NewPartitionReassignment(move.after()))));
        Change change = Change.of(Action.REASSIGN, List.copyOf(step.after().topics()))
                .with("partitions", asked.size())
                .with(
                        "moves",
                        step.moves().stream()
                                .limit(MOST_NAMED)
                                .map(move -> move.partition() + " " + move.before() + " → " + move.after())
                                .toList());
        visit.change(change, admin -> {
            sendFolders(visit, admin, step.moves(), folders);
            awaitAll(visit, admin.alterPartitionReassignments(asked).values(), Wording.of("doing.move"));
            return null;
        });
    }

    /** Where only folders are other. */
    private static void moveFolders(Visit visit, Plan plan) {
        Map<TopicPartition, List<Integer>> replicas =
                new HashMap<>(Plans.current(visit, plan.topics()).replicas());
        List<PartitionMove> still = plan.folders().keySet().stream()
                .filter(replicas::containsKey)
                .map(at -> new PartitionMove(at, replicas.get(at), replicas.get(at), 0))
                .toList();
        if (!still.isEmpty()) {
            visit.change(
                    Change.of(Action.MOVE_LOG_FOLDERS, List.copyOf(plan.topics()))
                            .with("partitions", still.size()),
                    admin -> {
                        sendFolders(visit, admin, still, plan.folders());
                        return null;
                    });
        }
    }

    /** Brokers are told first, so that a new replica is made in its folder; one that has none yet says so, and has noted it. */
    private static void sendFolders(
            Visit visit, Admin admin, Collection<PartitionMove> moves, Map<TopicPartition, List<String>> folders) {
        Map<TopicPartitionReplica, String> asked = new HashMap<>();
        for (PartitionMove move : moves) {
            List<String> paths = folders.get(move.partition());
            for (int i = 0; paths != null && i < move.after().size(); i++) {
                if (!paths.get(i).equals(io.ottla.console.moves.AssignmentFile.ANY)) {
                    asked.put(
                            new TopicPartitionReplica(
                                    move.partition().topic(),
                                    move.partition().partition(),
                                    move.after().get(i)),
                            paths.get(i));
                }
            }
        }
        if (asked.isEmpty()) {
            return;
        }
        for (KafkaFuture<Void> answer :
                admin.alterReplicaLogDirs(asked).values().values()) {
            try {
                visit.cluster().await(answer, Wording.of("doing.move-folder"));
            } catch (ClusterFailure failure) {
                if (!(failure.getCause() instanceof ReplicaNotAvailableException)) {
                    throw failure;
                }
            }
        }
    }

    /**
     * Calls moves off: replicas that have not arrived go again.
     *
     * @param partitions those; empty: all that run
     * @return how many
     */
    public int cancel(Visit visit, Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = partitions.isEmpty() ? stop(visit) : running(visit, partitions);
        callOff(visit, gone);
        return gone.size();
    }

    /** No step of a plan begins any more. Tells what moves. */
    private Set<TopicPartition> stop(Visit visit) {
        visible(visit).forEach(at -> visit.require(Action.REASSIGN, at.topic()));
        followed.stop(visit);
        return visible(visit);
    }

    private static Set<TopicPartition> visible(Visit visit) {
        Set<TopicPartition> running = new HashSet<>(MoveWatch.list(visit).keySet());
        running.removeIf(at -> !visit.may(Action.VIEW_TOPIC, at.topic()));
        return running;
    }

    private static Set<TopicPartition> running(Visit visit, Collection<TopicPartition> partitions) {
        Set<TopicPartition> running = MoveWatch.list(visit).keySet();
        for (TopicPartition at : partitions) {
            if (!running.contains(at)) {
                visit.require(Action.VIEW_TOPIC, at.topic());
                throw new ClusterFailure(
                        ClusterFailure.Reason.NOT_FOUND, Wording.of("moves.cancel.not-running", at.toString()));
            }
        }
        partitions.forEach(at -> visit.require(Action.REASSIGN, at.topic()));
        return new HashSet<>(partitions);
    }

    private static void callOff(Visit visit, Set<TopicPartition> gone) {
        if (gone.isEmpty()) {
            return;
        }
        Map<TopicPartition, Optional<NewPartitionReassignment>> asked = new HashMap<>();
        Set<String> topics = new TreeSet<>();
        for (TopicPartition at : gone) {
            asked.put(at, Optional.empty());
            topics.add(at.topic());
        }
        visit.change(
                Change.of(Action.REASSIGN, List.copyOf(topics))
                        .with(
                                "cancelled",
                                gone.stream()
                                        .map(TopicPartition::toString)
                                        .sorted()
                                        .limit(MOST_NAMED)
                                        .toList()),
                admin -> {
                    for (KafkaFuture<Void> answer :
                            admin.alterPartitionReassignments(asked).values().values()) {
                        try {
                            visit.cluster().await(answer, Wording.of("doing.cancel-move"));
                        } catch (ClusterFailure failure) {
                            // It arrived meanwhile.
                            if (!(failure.getCause() instanceof NoReassignmentInProgressException)) {
                                throw failure;
                            }
                        }
                    }
                    return null;
                });
    }

    private static void awaitAll(Visit visit, Map<TopicPartition, KafkaFuture<Void>> answers, Wording doing) {
        ClusterFailure first = null;
        TopicPartition of = null;
        int failed = 0;
        for (Map.Entry<TopicPartition, KafkaFuture<Void>> answer : answers.entrySet()) {
            try {
                visit.cluster().await(answer.getValue(), doing);
            } catch (ClusterFailure failure) {
                failed++;
                if (first == null) {
                    first = failure;
                    of = answer.getKey();
                }
            }
        }
        if (first != null) {
            throw new ClusterFailure(
                    first.reason(),
                    Wording.of("moves.some-refused", failed, answers.size(), of.toString(), first.wording()),
                    first);
        }
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(ClusterFailure.Reason.REFUSED, why);
    }
}
