package io.ottla.console.moves;

import io.ottla.console.words.Wording;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Says why a plan can't be made: a sentence for people, or nothing where it can. */
final class WishCheck {
    private static final int MOST_NAMED = 5;
    /** Which brokers are too few, for {@link #enough}. */
    static final String CHOSEN = "moves.wish.enough.chosen";

    static final String UP = "moves.wish.enough.up";

    private WishCheck() {}

    static Optional<Wording> topics(Set<String> topics, Layout layout) {
        if (topics.isEmpty()) {
            return Optional.of(Wording.of("moves.wish.topics.none"));
        }
        return named(topics, layout.assignment().topics()::contains)
                .map(unknown -> Wording.of("moves.wish.topics.unknown", unknown));
    }

    static Optional<Wording> brokers(Set<Integer> brokers, Layout layout) {
        if (brokers.isEmpty()) {
            return Optional.of(Wording.of("moves.wish.brokers.none"));
        }
        return named(brokers, layout.live()::contains)
                .map(down -> Wording.of("moves.wish.brokers.down", all(layout.live()), down));
    }

    static Optional<Wording> factor(int factor) {
        return factor > 0 ? Optional.empty() : Optional.of(Wording.of("moves.wish.factor", Integer.toString(factor)));
    }

    /** @param which {@link #CHOSEN} or {@link #UP} */
    static Optional<Wording> enough(
            Collection<TopicPartition> partitions, ToIntFunction<TopicPartition> factors, int brokers, String which) {
        for (TopicPartition partition : partitions) {
            int factor = factors.applyAsInt(partition);
            if (factor > brokers) {
                return Optional.of(Wording.of(
                        "moves.wish.enough",
                        Integer.toString(factor),
                        partition.toString(),
                        Integer.toString(brokers),
                        Wording.of(which)));
            }
        }
        return Optional.empty();
    }

    static Optional<Wording> leaving(Set<Integer> leaving, Layout layout) {
        if (leaving.isEmpty()) {
            return Optional.of(Wording.of("moves.wish.leaving.none"));
        }
        Set<Integer> holders = layout.assignment().brokers();
        Optional<Wording> unknown =
                named(leaving, broker -> layout.live().contains(broker) || holders.contains(broker));
        if (unknown.isPresent()) {
            return Optional.of(Wording.of("moves.wish.leaving.unknown", unknown.get()));
        }
        return leaving.containsAll(layout.live())
                ? Optional.of(Wording.of("moves.wish.leaving.all", all(layout.live())))
                : Optional.empty();
    }

    /** Each partition needs as many new brokers as it loses. */
    static Optional<Wording> enoughLeft(
            Map<TopicPartition, List<Integer>> partitions, Set<Integer> leaving, Set<Integer> staying) {
        for (Map.Entry<TopicPartition, List<Integer>> entry : partitions.entrySet()) {
            List<Integer> replicas = entry.getValue();
            long lost = replicas.stream().filter(leaving::contains).count();
            long left =
                    staying.size() - replicas.stream().filter(staying::contains).count();
            if (lost > left) {
                return Optional.of(Wording.of(
                        "moves.wish.left",
                        Long.toString(lost),
                        entry.getKey().toString(),
                        replicas.toString(),
                        Long.toString(left)));
            }
        }
        return Optional.empty();
    }

    private static <T> Optional<Wording> named(Set<T> things, Predicate<T> good) {
        List<T> bad = new TreeSet<>(things).stream().filter(good.negate()).toList();
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        String first = bad.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", "));
        return Optional.of(
                bad.size() <= MOST_NAMED
                        ? Wording.quoted(first)
                        : Wording.of("moves.wish.and-more", first, bad.size() - MOST_NAMED));
    }

    private static String all(Collection<Integer> brokers) {
        return brokers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
