package io.ottla.console.groups;

import io.ottla.console.lag.Course;
import java.util.Locale;

/**
 * A course of lag as a line without axes, in a box of {@link #WIDTH} by {@link #HEIGHT}.
 *
 * @param line as an SVG path
 * @param max the largest lag in it
 */
public record Spark(String line, long max) {
    public static final int WIDTH = 96;
    public static final int HEIGHT = 24;

    private static final double EDGE = 2;

    /** Null where nothing is known. */
    static Spark of(Course course) {
        if (course.isUnknown()) {
            return null;
        }
        double max = Math.max(1, course.maxLag());
        StringBuilder line = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < course.steps(); i++) {
            if (course.lag(i) < 0) {
                drawing = false;
                continue;
            }
            double x = EDGE + (WIDTH - 2 * EDGE) * i / Math.max(1, course.steps() - 1);
            double y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * course.lag(i) / max;
            line.append(String.format(Locale.ROOT, drawing ? "L%.1f %.1f" : "M%.1f %.1fh.1", x, y));
            drawing = true;
        }
        return new Spark(line.toString(), course.maxLag());
    }
}
