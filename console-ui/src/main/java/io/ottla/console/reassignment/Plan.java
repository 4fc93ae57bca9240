package io.ottla.console.reassignment;

import io.ottla.console.clusters.Spread;
import io.ottla.console.moves.Assignment;
import io.ottla.console.moves.AssignmentFile;
import io.ottla.console.moves.Difference;
import io.ottla.console.moves.PartitionMove;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/**
 * What somebody is about to move, under review.
 *
 * @param id not to be guessed
 * @param owner who made it: nobody else gets it
 * @param cluster key of the cluster
 * @param difference only what changes; empty where everything is already as wished
 * @param folders log folders of replicas, as a file named them
 * @param live brokers that were up
 * @param spreadBefore how evenly its topics lay then, those of its partitions that stay too
 * @param spreadAfter how evenly they will
 */
public record Plan(
        String id,
        String owner,
        String cluster,
        Instant madeAt,
        Difference difference,
        Map<TopicPartition, List<String>> folders,
        Set<Integer> live,
        Spread spreadBefore,
        Spread spreadAfter) {
    public boolean isEmpty() {
        return difference.isEmpty() && folders.isEmpty();
    }

    public NavigableSet<String> topics() {
        NavigableSet<String> topics = new TreeSet<>();
        difference.moves().forEach(move -> topics.add(move.partition().topic()));
        folders.keySet().forEach(at -> topics.add(at.topic()));
        return topics;
    }

    /** All that have to do with it. */
    public NavigableSet<Integer> brokers() {
        NavigableSet<Integer> brokers = new TreeSet<>();
        for (PartitionMove move : difference.moves()) {
            brokers.addAll(move.before());
            brokers.addAll(move.after());
        }
        return brokers;
    }

    /** To be executed, by this console or by Kafka's tool. */
    public AssignmentFile file() {
        return new AssignmentFile(difference.after(), foldersOf(difference.after()));
    }

    /** What leads back. */
    public AssignmentFile back() {
        return new AssignmentFile(difference.before());
    }

    private Map<TopicPartition, List<String>> foldersOf(Assignment assignment) {
        Map<TopicPartition, List<String>> known = new java.util.HashMap<>(folders);
        known.keySet().retainAll(assignment.replicas().keySet());
        return known;
    }
}
