package io.ottla.console.moves;

import io.ottla.console.words.Wording;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Works out who should hold what. The same layout and wishes always give the same answer, which names every partition
 * that was looked at, also those that stay; {@link Difference} tells what changes.
 *
 * <p>Common to all plans: replicas of a partition lie in as many racks as its number and the racks allow; a broker without
 * a rack is a rack of its own. A replica that need not move does not. Where it is open which broker gets a replica, the
 * one does that carries least. The first replica is the one it was where that stays and balance allows.
 */
public final class Planner {
    private final Layout layout;

    public Planner(Layout layout) {
        this.layout = layout;
    }

    /**
     * Spreads topics evenly over brokers: everything of them goes to these brokers, and then moves until it is even, as
     * little as possible. By count, brokers differ by one replica at most where racks allow; by bytes, by about two percent of
     * the mean or what the sizes of single partitions allow. Leaders are even by count as far as the replicas allow.
     *
     * @param brokers live ones
     * @param factor replicas of each partition; empty: as many as it has
     */
    public Outcome<Assignment> spread(Set<String> topics, Set<Integer> brokers, OptionalInt factor, Goal goal) {
        NavigableMap<TopicPartition, List<Integer>> movable = partitionsOf(topics);
        ToIntFunction<TopicPartition> factors =
                partition -> factor.orElse(movable.get(partition).size());
        return unless(
                () -> make(movable, brokers, factors, goal),
                () -> WishCheck.topics(topics, layout),
                () -> WishCheck.brokers(brokers, layout),
                () -> WishCheck.factor(factor.orElse(1)),
                () -> WishCheck.enough(movable.keySet(), factors, brokers.size(), WishCheck.CHOSEN));
    }

    private Assignment make(
            NavigableMap<TopicPartition, List<Integer>> movable,
            Set<Integer> brokers,
            ToIntFunction<TopicPartition> factors,
            Goal goal) {
        Board board = new Board(layout, movable, brokers);
        layout.assignment().replicas().forEach((partition, replicas) -> {
            if (!movable.containsKey(partition)) {
                board.countBackground(replicas);
            }
        });
        board.evict(broker -> !brokers.contains(broker));
        new Placement(board, goal).place(factors, true);
        new Evenness(board, goal, true).reach();
        return board.assignment(new Leaders(board, new int[board.brokers()]).choose(true, goal.eachTopic()));
    }

    /**
     * Moves everything off some brokers and leaves the rest untouched. What moves goes where the cluster carries least; a
     * partition that loses its first replica is led by one of those that have its data.
     *
     * @param topics of which everything moves; empty: of all
     * @param leaving brokers, up or down
     * @return of those partitions that move
     */
    public Outcome<Assignment> drain(Set<String> topics, Set<Integer> leaving, Goal.Measure measure) {
        Set<Integer> staying = new TreeSet<>(layout.live());
        staying.removeAll(leaving);
        NavigableMap<TopicPartition, List<Integer>> movable = new TreeMap<>(Assignment.ORDER);
        layout.assignment().replicas().forEach((partition, replicas) -> {
            if ((topics.isEmpty() || topics.contains(partition.topic()))
                    && replicas.stream().anyMatch(leaving::contains)) {
                movable.put(partition, replicas);
            }
        });
        return unless(
                () -> {
                    Board board = new Board(layout, movable, staying);
                    board.evict(leaving::contains);
                    return refill(
                            board, movable, partition -> movable.get(partition).size(), measure);
                },
                () -> topics.isEmpty() ? Optional.empty() : WishCheck.topics(topics, layout),
                () -> WishCheck.leaving(leaving, layout),
                () -> WishCheck.enoughLeft(movable, leaving, staying));
    }

    /**
     * Gives partitions of topics more or fewer replicas, on any live broker. Those that are there stay when there are to be
     * more; when there are to be fewer, those on dead brokers go first, then those that share their rack, and the first one
     * stays.
     */
    public Outcome<Assignment> changeFactor(Set<String> topics, int factor, Goal.Measure measure) {
        NavigableMap<TopicPartition, List<Integer>> movable = partitionsOf(topics);
        return unless(
                () -> refill(new Board(layout, movable, layout.live()), movable, partition -> factor, measure),
                () -> WishCheck.topics(topics, layout),
                () -> WishCheck.factor(factor),
                () -> WishCheck.enough(
                        movable.keySet(), partition -> factor, layout.live().size(), WishCheck.UP));
    }

    /** Brings partitions to their number of replicas; those that stay don't move, and the whole cluster's load counts. */
    private Assignment refill(
            Board board,
            NavigableMap<TopicPartition, List<Integer>> movable,
            ToIntFunction<TopicPartition> factors,
            Goal.Measure measure) {
        int[] leaders = new int[board.brokers()];
        layout.assignment().replicas().forEach((partition, replicas) -> {
            if (!movable.containsKey(partition)) {
                leaders[board.countFixed(partition, layout.bytesOf(partition), replicas)]++;
            }
        });
        Goal goal = new Goal(measure, true);
        new Placement(board, goal).place(factors, false);
        new Evenness(board, goal, false).reach();
        return board.assignment(new Leaders(board, leaders).choose(false, false));
    }

    private NavigableMap<TopicPartition, List<Integer>> partitionsOf(Set<String> topics) {
        return layout.assignment()
                .only(partition -> topics.contains(partition.topic()))
                .replicas();
    }

    /** The plan, or the first refusal. */
    @SafeVarargs
    private static Outcome<Assignment> unless(Supplier<Assignment> plan, Supplier<Optional<Wording>>... refusals) {
        for (Supplier<Optional<Wording>> refusal : refusals) {
            Optional<Wording> why = refusal.get();
            if (why.isPresent()) {
                return Outcome.refused(why.get());
            }
        }
        return Outcome.made(plan.get());
    }
}
