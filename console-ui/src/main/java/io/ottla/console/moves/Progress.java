package io.ottla.console.moves;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How far moves have come. What is left may grow past what there was at the start, since partitions are written to
 * meanwhile: then nothing is done yet.
 *
 * @param bytesAtStart to be copied when the moves began; negative where unknown
 * @param bytesLeft to be copied still; negative where unknown
 * @param bytesPerSecond how fast that goes now, more than zero, see {@link CopyRate}; absent where unknown
 */
public record Progress(long bytesAtStart, long bytesLeft, OptionalDouble bytesPerSecond) {
    /** Longer estimates say nothing. */
    private static final Duration LONGEST = Duration.ofDays(365);

    /** 0 … 100, rounded down, so that 100 means that nothing is left; absent where unknown. */
    public OptionalInt percent() {
        if (bytesLeft == 0) {
            return OptionalInt.of(100);
        }
        if (bytesLeft < 0 || bytesAtStart < 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(bytesAtStart == 0 ? 0 : (int) Math.min(99, 100.0 * copied() / bytesAtStart));
    }

    /** Bytes copied; 0 where unknown. */
    public long copied() {
        return bytesLeft < 0 || bytesAtStart < 0 ? 0 : Math.max(0, bytesAtStart - bytesLeft);
    }

    /** At that rate; zero at the end, absent where there is no rate or it would take longer than a year. */
    public Optional<Duration> remaining() {
        if (bytesLeft == 0) {
            return Optional.of(Duration.ZERO);
        }
        double seconds = bytesLeft < 0 || bytesPerSecond.isEmpty()
                ? Double.POSITIVE_INFINITY
                : Math.ceil(bytesLeft / bytesPerSecond.getAsDouble());
        return seconds > LONGEST.toSeconds() ? Optional.empty() : Optional.of(Duration.ofSeconds((long) seconds));
    }
}
