package io.ottla.console.moves;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** Says why a plan can't be made: a sentence, or nothing where it can. */
final class WishCheck {
    private static final int MOST_NAMED = 5;

    private WishCheck() {}

    static String topics(Set<String> topics, Layout layout) {
        if (topics.isEmpty()) {
            return "Expected one or more topics, but none is chosen.";
        }
        String unknown = named(topics, layout.assignment().topics()::contains);
        return unknown.isEmpty() ? "" : "Expected topics of the cluster, but it has none named " + unknown + ".";
    }

    static String brokers(Set<Integer> brokers, Layout layout) {
        if (brokers.isEmpty()) {
            return "Expected one or more brokers that are to hold the replicas, but none is chosen.";
        }
        String down = named(brokers, layout.live()::contains);
        return down.isEmpty()
                ? ""
                : "Expected brokers that are up (" + all(layout.live()) + "), but chosen is also " + down + ".";
    }

    static String factor(int factor) {
        return factor > 0 ? "" : "Expected a replication factor of 1 or more, but got " + factor + ".";
    }

    /** @param how what these brokers are and what to do, such as "are up: add brokers" */
    static String enough(
            Collection<TopicPartition> partitions, ToIntFunction<TopicPartition> factors, int brokers, String how) {
        for (TopicPartition partition : partitions) {
            int factor = factors.applyAsInt(partition);
            if (factor > brokers) {
                return "Expected at least " + factor + " brokers for the " + factor + " replicas of " + partition
                        + ", but only " + brokers + " " + how + ", or lower the replication factor.";
            }
        }
        return "";
    }

    static String leaving(Set<Integer> leaving, Layout layout) {
        if (leaving.isEmpty()) {
            return "Expected one or more brokers to drain, but none is chosen.";
        }
        Set<Integer> holders = layout.assignment().brokers();
        String unknown = named(leaving, broker -> layout.live().contains(broker) || holders.contains(broker));
        if (!unknown.isEmpty()) {
            return "Expected brokers that are up or hold replicas, but " + unknown + " is neither.";
        }
        return leaving.containsAll(layout.live())
                ? "Expected at least one live broker to stay, but all (" + all(layout.live()) + ") are to be drained."
                : "";
    }

    /** Each partition needs as many new brokers as it loses. */
    static String enoughLeft(
            Map<TopicPartition, List<Integer>> partitions, Set<Integer> leaving, Set<Integer> staying) {
        for (Map.Entry<TopicPartition, List<Integer>> entry : partitions.entrySet()) {
            List<Integer> replicas = entry.getValue();
            long lost = replicas.stream().filter(leaving::contains).count();
            long left =
                    staying.size() - replicas.stream().filter(staying::contains).count();
            if (lost > left) {
                return "Expected " + lost + " other live brokers for the replicas that " + entry.getKey() + " "
                        + replicas
                        + " loses, but there are " + left
                        + ": add brokers, drain fewer, or lower the replication factor"
                        + " first.";
            }
        }
        return "";
    }

    private static <T> String named(Set<T> things, Predicate<T> good) {
        List<T> bad = new TreeSet<>(things).stream().filter(good.negate()).toList();
        String more = bad.size() > MOST_NAMED ? " and " + (bad.size() - MOST_NAMED) + " more" : "";
        return bad.stream().limit(MOST_NAMED).map(String::valueOf).collect(Collectors.joining(", ")) + more;
    }

    private static String all(Collection<Integer> brokers) {
        return brokers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
