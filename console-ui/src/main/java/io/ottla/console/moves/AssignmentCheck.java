package io.ottla.console.moves;

import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Whether a proposed assignment can be that of a cluster. */
public final class AssignmentCheck {
    /** More than this many sentences help nobody. */
    public static final int MAX_PROBLEMS = 50;

    private AssignmentCheck() {}

    /**
     * What is wrong with it, one sentence each; nothing where it can be executed. A broker that is down may stay where it
     * is a replica already, but none can be added on it.
     *
     * @param current that of the whole cluster
     * @param live the brokers that are up
     */
    public static List<Wording> problems(Assignment proposed, Assignment current, Set<Integer> live) {
        Set<String> topics = current.topics();
        List<Wording> problems = new ArrayList<>();
        for (Map.Entry<TopicPartition, List<Integer>> entry :
                proposed.replicas().entrySet()) {
            TopicPartition partition = entry.getKey();
            List<Integer> before = current.of(partition);
            if (!topics.contains(partition.topic())) {
                problems.add(Wording.of("moves.check.topic", partition.topic()));
            } else if (before.isEmpty()) {
                problems.add(Wording.of(
                        "moves.check.partition", partition.topic(), Integer.toString(partition.partition())));
            } else {
                for (int broker : entry.getValue()) {
                    if (!live.contains(broker) && !before.contains(broker)) {
                        problems.add(Wording.of("moves.check.broker", partition.toString(), Integer.toString(broker)));
                    }
                }
            }
            if (problems.size() >= MAX_PROBLEMS) {
                break;
            }
        }
        return problems.stream().distinct().limit(MAX_PROBLEMS).toList();
    }
}
