package io.ottla.console.reassignment;

import io.ottla.console.moves.Difference;
import io.ottla.console.moves.PartitionMove;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a plan that is followed has come, but for what runs of it.
 *
 * @param plan its id; empty where none is followed
 * @param partitions all of it
 * @param waiting bytes to be copied by partition, of steps to come
 * @param arrived bytes that were copied
 */
record PlanCourse(String plan, Set<TopicPartition> partitions, Map<TopicPartition, Long> waiting, long arrived) {
    private static final PlanCourse NONE = new PlanCourse("", Set.of(), Map.of(), 0);

    /** @param running what the cluster moves, listed after it was looked how far the plan is */
    static PlanCourse of(Optional<FollowedPlans.Followed> followed, Set<TopicPartition> running) {
        if (followed.isEmpty()) {
            return NONE;
        }
        Set<TopicPartition> partitions = new HashSet<>();
        Map<TopicPartition, Long> waiting = new HashMap<>();
        long arrived = 0;
        KeptPlan plan = followed.get().plan();
        List<Difference> steps = followed.get().content().steps();
        for (int step = 0; step < steps.size(); step++) {
            for (PartitionMove move : steps.get(step).moves()) {
                partitions.add(move.partition());
                if (step > plan.step() && !plan.calledOff() && !running.contains(move.partition())) {
                    waiting.put(move.partition(), move.bytesToCopy());
                } else if (step <= plan.step() && !running.contains(move.partition())) {
                    arrived += move.bytesToCopy();
                }
            }
        }
        return new PlanCourse(plan.id(), partitions, waiting, arrived);
    }

    long left() {
        return waiting.values().stream().mapToLong(Long::longValue).sum();
    }
}
