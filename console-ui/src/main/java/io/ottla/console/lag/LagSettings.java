package io.ottla.console.lag;

import java.time.Duration;

/**
 * How lag is collected.
 *
 * @param refresh {@code console.lag.refresh}: between two samples; zero where none are taken
 * @param retain {@code console.lag.retain}: how long they are kept
 */
public record LagSettings(Duration refresh, Duration retain) {
    /** The topic of the samples. */
    public static final String TOPIC = "__ottla_lag";

    private static final Duration LONGEST_REFRESH = Duration.ofHours(1);
    private static final Duration SHORTEST_RETAIN = Duration.ofMinutes(10);
    private static final Duration LONGEST_RETAIN = Duration.ofDays(7);

    /** @throws IllegalArgumentException naming the setting that can't hold */
    public LagSettings {
        if (refresh.isNegative() || refresh.compareTo(LONGEST_REFRESH) > 0) {
            throw new IllegalArgumentException("console.lag.refresh: Expected up to an hour, or 0 for never, but got "
                    + refresh.toMillis() + " ms.");
        }
        if (retain.compareTo(SHORTEST_RETAIN) < 0 || retain.compareTo(LONGEST_RETAIN) > 0) {
            throw new IllegalArgumentException(
                    "console.lag.retain: Expected ten minutes to seven days, but got " + retain.toMillis() + " ms.");
        }
    }

    public boolean off() {
        return refresh.isZero();
    }
}
