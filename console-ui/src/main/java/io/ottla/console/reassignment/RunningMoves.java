package io.ottla.console.reassignment;

import io.ottla.console.moves.Progress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that is being moved.
 *
 * @param moves ordered by topic and partition
 * @param total bytes to be copied, of those too that have arrived since something first ran; negative where unknown
 * @param left bytes of them that are still to be copied; negative where unknown
 * @param sinceSeen the same since this console first looked
 */
public record RunningMoves(List<RunningMove> moves, long total, long left, Progress sinceSeen) {
    static final RunningMoves NONE = new RunningMoves(List.of(), 0, 0, new Progress(0, 0, OptionalDouble.empty()));

    public boolean isEmpty() {
        return moves.isEmpty();
    }

    /** 0 … 100, or -1 where unknown. */
    public int percent() {
        return new Progress(total, left, OptionalDouble.empty()).percent().orElse(-1);
    }

    /** Null where there is none. */
    public Duration remaining() {
        return sinceSeen.remaining().orElse(null);
    }

    /** Negative where unknown. */
    public double bytesPerSecond() {
        return sinceSeen.bytesPerSecond().orElse(-1);
    }
}
