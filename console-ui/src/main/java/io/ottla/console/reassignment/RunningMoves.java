package io.ottla.console.reassignment;

import io.ottla.console.moves.Progress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All that is being moved, with those steps of a plan that are still to come.
 *
 * @param moves what runs, ordered by topic and partition
 * @param waiting partitions of steps to come
 * @param total bytes to be copied, of those too that have arrived since something first ran; negative where unknown
 * @param left bytes of them that are still to be copied; negative where unknown
 * @param sinceSeen the same since this console first looked
 */
public record RunningMoves(List<RunningMove> moves, int waiting, long total, long left, Progress sinceSeen) {
    static final RunningMoves NONE = new RunningMoves(List.of(), 0, 0, 0, new Progress(0, 0, OptionalDouble.empty()));

    private static final int NOT_DONE = 99;

    /** Whether nothing moves, and nothing will. */
    public boolean isEmpty() {
        return moves.isEmpty() && waiting == 0;
    }

    /** 0 … 100, or -1 where unknown; below 100 while partitions wait, as small as they may be. */
    public int percent() {
        int percent =
                new Progress(total, left, OptionalDouble.empty()).percent().orElse(-1);
        return waiting > 0 ? Math.min(NOT_DONE, percent) : percent;
    }

    /** Null where there is none. */
    public Duration remaining() {
        return waiting > 0 && left == 0 ? null : sinceSeen.remaining().orElse(null);
    }

    /** Negative where unknown. */
    public double bytesPerSecond() {
        return sinceSeen.bytesPerSecond().orElse(-1);
    }
}
