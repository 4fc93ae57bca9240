package io.ottla.console.moves;

/**
 * What "even" is to mean.
 *
 * @param eachTopic whether each topic is to be even by itself too (by count), and not only all of them together. It
 *     costs more moves; without it one broker may carry most of one topic and none of another
 */
public record Goal(Measure measure, boolean eachTopic) {
    public enum Measure {
        /** Brokers hold equally many replicas. */
        COUNT,
        /** Brokers hold equally many bytes. Leaders are still balanced by count. */
        BYTES
    }
}
