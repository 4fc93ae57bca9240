package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BrokerDisks;
import io.ottla.console.moves.CopyRate;
import io.ottla.console.moves.Progress;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks at what is being moved, with what a plan that is followed has moved and will, and remembers since when, so that a rate
 * and an estimate can be given: in memory, for each cluster, as long as something runs there.
 *
 * <p>Thread-safe.
 */
public final class MoveWatch {
    private static final Comparator<RunningMove> ORDER = Comparator.comparing(
                    (RunningMove move) -> move.partition().topic())
            .thenComparingInt(move -> move.partition().partition());

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What was known of a move when it was first seen with its sizes. */
    private record Seen(List<Integer> adding, long left, long total, CopyRate rate) {}

    private static final class Memory {
        private final Map<TopicPartition, Seen> running = new HashMap<>();
        /** Those of the plan that waited when it was first seen: counted as left since then. */
        private final Set<TopicPartition> waited = new HashSet<>();

        private String plan = "";
        private CopyRate rate = new CopyRate();
        private long leftAtFirst;
        private long arrived;

        void clear() {
            running.clear();
            waited.clear();
            plan = "";
            rate = new CopyRate();
            leftAtFirst = 0;
            arrived = 0;
        }
    }

    private final InstantSource clock;
    private final FollowedPlans followed;
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();

    /** @param followed whose steps to come count as well */
    MoveWatch(InstantSource clock, FollowedPlans followed) {
        this.clock = clock;
        this.followed = followed;
    }

    /** What runs now, and will by a plan, of the topics that the visitor may see. */
    public RunningMoves look(Visit visit) {
        return look(visit, PATIENCE);
    }

    /** @param patience how long to wait for brokers of whose disks nothing is known: without them sizes are unknown */
    RunningMoves look(Visit visit, Duration patience) {
        // Before what runs is listed, so that a step that begins in between is not taken for one that has arrived.
        Optional<FollowedPlans.Followed> plan = followed.find(visit.key());
        Map<TopicPartition, PartitionReassignment> listed = list(visit);
        Memory memory = memories.computeIfAbsent(visit.key(), key -> new Memory());
        if (listed.isEmpty() && plan.isEmpty()) {
            synchronized (memory) {
                memory.clear();
            }
            return RunningMoves.NONE;
        }
        Set<Integer> brokers = new TreeSet<>();
        listed.values().forEach(move -> brokers.addAll(move.replicas()));
        brokers.retainAll(Throttles.live(visit)); // One that is down would be waited for in vain.
        Map<Integer, BrokerDisks> disks =
                brokers.isEmpty() ? Map.of() : visit.cluster().disks(brokers, patience);
        synchronized (memory) {
            PlanCourse course = PlanCourse.of(plan, listed.keySet());
            RunningMoves all = remember(memory, listed, disks, course);
            boolean whole = Stream.concat(listed.keySet().stream(), course.partitions().stream())
                    .allMatch(at -> visit.may(Action.VIEW_TOPIC, at.topic()));
            return whole ? all : visible(visit, all, course);
        }
    }

    /** Without what the visitor may not see, of whose size the figures of all would tell. */
    private static RunningMoves visible(Visit visit, RunningMoves all, PlanCourse course) {
        List<RunningMove> moves = all.moves().stream()
                .filter(move -> visit.may(Action.VIEW_TOPIC, move.partition().topic()))
                .toList();
        List<Long> waiting = course.waiting().entrySet().stream()
                .filter(entry -> visit.may(Action.VIEW_TOPIC, entry.getKey().topic()))
                .map(Map.Entry::getValue)
                .toList();
        return new RunningMoves(
                moves,
                waiting.size(),
                sum(waiting, moves, RunningMove::total),
                sum(waiting, moves, RunningMove::left),
                RunningMoves.NONE.sinceSeen());
    }

    /** Negative where one of them is unknown. */
    private static long sum(List<Long> waiting, List<RunningMove> moves, ToLongFunction<RunningMove> bytes) {
        long sum = waiting.stream().mapToLong(Long::longValue).sum();
        for (RunningMove move : moves) {
            long one = bytes.applyAsLong(move);
            sum = sum < 0 || one < 0 ? -1 : sum + one;
        }
        return sum;
    }

    static Map<TopicPartition, PartitionReassignment> list(Visit visit) {
        return visit.cluster()
                .await(visit.asking().listPartitionReassignments().reassignments(), Wording.of("doing.moves"));
    }

    private RunningMoves remember(
            Memory memory,
            Map<TopicPartition, PartitionReassignment> listed,
            Map<Integer, BrokerDisks> disks,
            PlanCourse course) {
        Instant now = clock.instant();
        memory.running.entrySet().removeIf(entry -> {
            PartitionReassignment still = listed.get(entry.getKey());
            boolean gone = still == null
                    || !still.addingReplicas().equals(entry.getValue().adding());
            if (gone && !course.partitions().contains(entry.getKey())) {
                memory.arrived += Math.max(0, entry.getValue().total());
            }
            return gone;
        });
        if (!memory.plan.equals(course.plan())) {
            memory.plan = course.plan();
            memory.waited.clear();
            memory.waited.addAll(course.waiting().keySet());
            memory.leftAtFirst += course.left();
        }
        List<RunningMove> moves = new ArrayList<>();
        long total = memory.arrived + course.arrived() + course.left();
        long left = course.left();
        for (Map.Entry<TopicPartition, PartitionReassignment> entry : listed.entrySet()) {
            RunningMove move = move(memory, entry.getKey(), entry.getValue(), disks, now);
            moves.add(move);
            total = total < 0 || move.total() < 0 ? -1 : total + move.total();
            left = left < 0 || move.left() < 0 ? -1 : left + move.left();
        }
        moves.sort(ORDER);
        return new RunningMoves(
                List.copyOf(moves),
                course.waiting().size(),
                total,
                left,
                progress(memory.leftAtFirst, left, memory.rate, now));
    }

    private static RunningMove move(
            Memory memory,
            TopicPartition partition,
            PartitionReassignment listed,
            Map<Integer, BrokerDisks> disks,
            Instant now) {
        long source = -1;
        for (int broker : listed.replicas()) {
            if (!listed.addingReplicas().contains(broker)) {
                source = Math.max(source, size(disks, broker, partition));
            }
        }
        long total = source < 0 ? -1 : source * listed.addingReplicas().size();
        long left = total < 0 ? -1 : 0;
        for (int broker : listed.addingReplicas()) {
            if (left >= 0) {
                left = disks.containsKey(broker) && disks.get(broker).told()
                        ? left + Math.max(0, source - Math.max(0, size(disks, broker, partition)))
                        : -1;
            }
        }
        Seen seen = memory.running.get(partition);
        if (seen == null || seen.left() < 0 && left >= 0) {
            seen = new Seen(listed.addingReplicas(), left, total, new CopyRate());
            memory.running.put(partition, seen);
            if (!memory.waited.contains(partition)) {
                memory.leftAtFirst += Math.max(0, left);
            }
        }
        return new RunningMove(
                partition,
                listed.replicas(),
                listed.addingReplicas(),
                listed.removingReplicas(),
                total,
                left,
                progress(seen.left(), left, seen.rate(), now));
    }

    /** Of what is known at this look, which is noted. */
    private static Progress progress(long leftAtFirst, long left, CopyRate rate, Instant now) {
        if (leftAtFirst >= 0 && left >= 0) {
            rate.note(now, leftAtFirst - left);
        }
        return new Progress(leftAtFirst, left, rate.bytesPerSecond());
    }

    private static long size(Map<Integer, BrokerDisks> disks, int broker, TopicPartition partition) {
        BrokerDisks told = disks.get(broker);
        return told == null ? -1 : told.bytesOf(partition);
    }
}
