package io.ottla.console.moves;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * From one assignment to another: only what changes, which is what has to be executed.
 *
 * @param moves ordered by topic and partition
 */
public record Difference(List<PartitionMove> moves) {
    /**
     * Bytes that a broker has to do with.
     *
     * @param in copied to it
     * @param out copied from it: the preferred leader before the move serves all copies of its partition
     * @param freed what it no longer needs afterwards
     */
    public record Traffic(long in, long out, long freed) {
        static final Traffic NONE = new Traffic(0, 0, 0);

        Traffic plus(long moreIn, long moreOut, long moreFreed) {
            return new Traffic(in + moreIn, out + moreOut, freed + moreFreed);
        }
    }

    public Difference {
        moves = List.copyOf(moves);
    }

    /**
     * @param after for some or all partitions of the first; those that it doesn't name stay as they are
     * @param bytes size by partition; one that is not there counts as 0
     * @throws IllegalArgumentException for a partition that was not there before ({@link AssignmentCheck} says it better)
     */
    public static Difference between(Assignment before, Assignment after, Map<TopicPartition, Long> bytes) {
        List<PartitionMove> moves = new ArrayList<>();
        after.replicas().forEach((partition, target) -> {
            List<Integer> now = before.of(partition);
            if (now.isEmpty()) {
                throw new IllegalArgumentException("Expected a partition of the cluster, but got " + partition);
            }
            if (!now.equals(target)) {
                moves.add(new PartitionMove(partition, now, target, Math.max(0, bytes.getOrDefault(partition, 0L))));
            }
        });
        return new Difference(moves);
    }

    public boolean isEmpty() {
        return moves.isEmpty();
    }

    /** To be executed. */
    public Assignment after() {
        return assignment(PartitionMove::after);
    }

    /** What leads back, to be kept before it starts. */
    public Assignment before() {
        return assignment(PartitionMove::before);
    }

    private Assignment assignment(Function<PartitionMove, List<Integer>> side) {
        Map<TopicPartition, List<Integer>> replicas = new HashMap<>();
        moves.forEach(move -> replicas.put(move.partition(), side.apply(move)));
        return new Assignment(replicas);
    }

    public int replicasAdded() {
        return moves.stream().mapToInt(move -> move.added().size()).sum();
    }

    public int replicasRemoved() {
        return moves.stream().mapToInt(move -> move.removed().size()).sum();
    }

    public int leadersChanged() {
        return (int) moves.stream().filter(PartitionMove::leaderChanges).count();
    }

    /** Partitions of which nothing but the order changes. */
    public int onlyReordered() {
        return (int) moves.stream().filter(PartitionMove::onlyOrder).count();
    }

    public long bytesToCopy() {
        return moves.stream().mapToLong(PartitionMove::bytesToCopy).sum();
    }

    /** By broker; only those that have to do with it. */
    public NavigableMap<Integer, Traffic> traffic() {
        NavigableMap<Integer, Traffic> traffic = new TreeMap<>();
        for (PartitionMove move : moves) {
            for (int broker : move.added()) {
                add(traffic, broker, move.bytes(), 0, 0);
                add(traffic, move.before().getFirst(), 0, move.bytes(), 0);
            }
            for (int broker : move.removed()) {
                add(traffic, broker, 0, 0, move.bytes());
            }
        }
        return Collections.unmodifiableNavigableMap(traffic);
    }

    private static void add(Map<Integer, Traffic> traffic, int broker, long in, long out, long freed) {
        traffic.put(broker, traffic.getOrDefault(broker, Traffic.NONE).plus(in, out, freed));
    }

    /** The same in steps of at most so many partitions, to be executed one after the other. */
    public List<Difference> steps(int maxPartitions) {
        List<Difference> steps = new ArrayList<>();
        for (int from = 0; from < moves.size(); from += maxPartitions) {
            steps.add(new Difference(moves.subList(from, Math.min(moves.size(), from + maxPartitions))));
        }
        return List.copyOf(steps);
    }
}
