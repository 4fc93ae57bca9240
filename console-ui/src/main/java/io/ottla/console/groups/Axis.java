package io.ottla.console.groups;

import java.util.ArrayList;
import java.util.List;

/** An axis of whole numbers with round marks. Pure. */
record Axis(long from, long to, List<Long> marks) {
    private static final long[] ROUND = {1, 2, 5, 10};

    /** One that takes in both values. */
    static Axis of(long smallest, long largest, int wanted) {
        long step = step(Math.max(1, largest - smallest), wanted);
        long from = Math.floorDiv(smallest, step) * step;
        long to = Math.max(from + step, Math.ceilDiv(largest, step) * step);
        List<Long> marks = new ArrayList<>();
        for (long at = from; at <= to; at += step) {
            marks.add(at);
        }
        return new Axis(from, to, marks);
    }

    private static long step(long span, int wanted) {
        double raw = (double) span / wanted;
        long power = (long) Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, raw)))));
        for (long round : ROUND) {
            if (round * power >= raw) {
                return round * power;
            }
        }
        return ROUND[ROUND.length - 1] * power;
    }
}
