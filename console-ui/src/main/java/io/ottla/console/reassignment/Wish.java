package io.ottla.console.reassignment;

import io.ottla.console.moves.Goal.Measure;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What somebody wants of a plan.
 *
 * @param topics names; none where brokers are to be drained of all that they hold
 * @param brokers that are to hold the replicas, or are to be drained
 * @param factor replicas of each partition; empty: as many as it has
 * @param eachTopic whether each topic is to be even by itself too
 */
public record Wish(
        Kind kind, Set<String> topics, Set<Integer> brokers, OptionalInt factor, Measure measure, boolean eachTopic) {
    /** Which plan. */
    public enum Kind {
        SPREAD,
        DRAIN,
        FACTOR
    }

    public Wish {
        topics = new TreeSet<>(topics);
        brokers = new TreeSet<>(brokers);
    }
}
