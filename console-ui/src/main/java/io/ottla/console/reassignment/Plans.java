package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterPicture;
import io.ottla.console.clusters.Topic;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.AssignmentCheck;
import io.ottla.console.moves.AssignmentFile;
import io.ottla.console.moves.Difference;
import io.ottla.console.moves.Goal;
import io.ottla.console.moves.Layout;
import io.ottla.console.moves.Outcome;
import io.ottla.console.moves.Planner;
import io.ottla.console.words.Wording;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/** Makes plans of wishes and of files, for pages and the API alike. A visitor gets none with topics that he may not move. */
public final class Plans {
    private final PlanStore store;

    public Plans(PlanStore store) {
        this.store = store;
    }

    public Outcome<Plan> make(Visit visit, Wish wish) {
        wish.topics().forEach(topic -> visit.require(Action.REASSIGN, topic));
        Layout layout = Layouts.read(visit);
        Planner planner = new Planner(layout);
        Outcome<Assignment> outcome = switch (wish.kind()) {
            case SPREAD ->
                planner.spread(
                        wish.topics(), wish.brokers(), wish.factor(), new Goal(wish.measure(), wish.eachTopic()));
            case DRAIN -> {
                if (wish.topics().isEmpty()) {
                    visit.requireOfAll(Action.REASSIGN, layout.topicsOn(wish.brokers()));
                }
                yield planner.drain(wish.topics(), wish.brokers(), wish.measure());
            }
            case FACTOR -> planner.changeFactor(wish.topics(), wish.factor().orElse(0), wish.measure());
        };
        return switch (outcome) {
            case Outcome.Refused<Assignment>(Wording why) -> Outcome.refused(why);
            case Outcome.Made<Assignment>(Assignment after) ->
                Outcome.made(keep(
                        visit,
                        Difference.between(layout.assignment(), after, layout.bytes()),
                        Map.of(),
                        layout.live(),
                        layout.assignment()));
        };
    }

    /** A plan of what a file says, or the first thing that is wrong with it. */
    public Outcome<Plan> make(Visit visit, AssignmentFile file) {
        Assignment proposed = file.assignment();
        if (proposed.size() == 0) {
            return Outcome.refused(Wording.of("moves.file.empty"));
        }
        proposed.topics().forEach(topic -> visit.require(Action.REASSIGN, topic));
        ClusterPicture cluster = visit.cluster().describe();
        Set<Integer> live = new TreeSet<>();
        cluster.brokers().forEach(broker -> live.add(broker.id()));
        Assignment current = Assignment.of(Layouts.topics(visit, proposed.topics()));
        List<Wording> problems = AssignmentCheck.problems(proposed, current, live);
        if (!problems.isEmpty()) {
            return Outcome.refused(
                    problems.size() == 1
                            ? problems.getFirst()
                            : Wording.of("moves.file.problems", problems.getFirst(), problems.size() - 1));
        }
        return Outcome.made(keep(
                visit,
                Difference.between(current, proposed, Layouts.sizes(visit, live)),
                file.folders(),
                live,
                current));
    }

    private Plan keep(
            Visit visit,
            Difference difference,
            Map<TopicPartition, List<String>> folders,
            Set<Integer> live,
            Assignment current) {
        Set<String> topics = difference.before().topics();
        topics.forEach(topic -> visit.require(Action.REASSIGN, topic));
        folders.keySet().forEach(at -> topics.add(at.topic()));
        return store.keep(visit, difference, folders, live, current.only(at -> topics.contains(at.topic())));
    }

    /** How topics are now. */
    public static Assignment current(Visit visit, Set<String> topics) {
        topics.forEach(topic -> visit.require(Action.VIEW_TOPIC, topic));
        return Assignment.of(Layouts.topics(visit, topics));
    }

    /** Partitions of the plan that are no longer as they were when it was made, or are gone. */
    static Map<TopicPartition, List<Integer>> changed(Plan plan, List<Topic> now) {
        Assignment current = Assignment.of(now);
        Map<TopicPartition, List<Integer>> changed =
                new TreeMap<>(java.util.Comparator.comparing(TopicPartition::toString));
        Map<TopicPartition, List<Integer>> before =
                new HashMap<>(plan.difference().before().replicas());
        before.forEach((at, replicas) -> {
            if (!current.of(at).equals(replicas)) {
                changed.put(at, current.of(at));
            }
        });
        return changed;
    }
}
