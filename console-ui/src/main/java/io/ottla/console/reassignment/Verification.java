package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.moves.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What {@code kafka-reassign-partitions --verify} finds, and does: says of each partition of a file whether it has arrived,
 * and takes the throttles away when nothing is moved any more.
 *
 * @param checks ordered by topic and partition
 * @param anyRunning whether something of the cluster is still moved, or will be by a plan that is followed
 * @param cleared whether the throttles were taken away
 */
public record Verification(List<Check> checks, boolean anyRunning, boolean cleared) {
    /** How far a partition has come. */
    public enum State {
        ARRIVED,
        RUNNING,
        /** It is neither on its way nor where the file says. */
        OTHERWISE,
        MISSING
    }

    public record Check(TopicPartition partition, List<Integer> wanted, List<Integer> now, State state) {
        /** Its word among the bundles'. */
        public String key() {
            return state.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public long count(State state) {
        return checks.stream().filter(check -> check.state() == state).count();
    }

    /** @param goesOn whether steps of a plan are to come, though nothing may move at the moment */
    static Verification of(Visit visit, Assignment wanted, boolean goesOn) {
        Set<String> topics = wanted.topics();
        topics.forEach(topic -> visit.require(Action.VIEW_TOPIC, topic));
        Assignment now = Assignment.of(Layouts.topics(visit, topics));
        Set<TopicPartition> running = MoveWatch.list(visit).keySet();
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<TopicPartition, List<Integer>> entry : wanted.replicas().entrySet()) {
            TopicPartition at = entry.getKey();
            List<Integer> found = now.of(at);
            State state = found.isEmpty()
                    ? State.MISSING
                    : running.contains(at)
                            ? State.RUNNING
                            : found.equals(entry.getValue()) ? State.ARRIVED : State.OTHERWISE;
            checks.add(new Check(at, entry.getValue(), found, state));
        }
        boolean anyRunning = goesOn || !running.isEmpty();
        boolean cleared = !anyRunning && visit.may(Action.THROTTLE);
        if (cleared) {
            Throttles.clear(visit, topics);
        }
        return new Verification(List.copyOf(checks), anyRunning, cleared);
    }
}
