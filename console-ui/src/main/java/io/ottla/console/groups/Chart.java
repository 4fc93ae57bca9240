package io.ottla.console.groups;

import io.ottla.console.lag.Course;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over time, ready to be drawn: a box of {@link #WIDTH} by {@link #HEIGHT} with marks at its left and below. Pure.
 *
 * @param lines drawn in their order
 * @param rows the same as a table, in a dozen rows, the newest first
 */
public record Chart(List<Line> lines, List<Mark> left, List<Mark> below, List<Row> rows) {
    public static final int WIDTH = 760;
    public static final int HEIGHT = 220;
    public static final int LEFT = 84;
    public static final int RIGHT = WIDTH - 12;
    public static final int TOP = 12;
    public static final int BOTTOM = HEIGHT - 26;

    private static final int ROWS = 12;
    private static final int LEFT_MARKS = 4;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    /**
     * A line.
     *
     * @param name of a topic; for lines that are no topic's, a key of the message bundles
     * @param topic whether its name is a topic's
     * @param path for SVG
     * @param colour 1 to 8, a class of the style sheet
     */
    public record Line(String name, boolean topic, String path, int colour) {}

    /** A mark at an axis. */
    public record Mark(double at, String text) {}

    /**
     * A moment in numbers.
     *
     * @param values in the order of the lines; -1 where unknown
     */
    public record Row(Instant at, List<Long> values) {}

    /** Values of a line by step; -1 where unknown. */
    record Values(String name, boolean topic, List<Long> values) {}

    /**
     * Draws.
     *
     * @param span says when the steps are
     * @param fromZero whether the axis begins at zero, not at the smallest value
     * @param zone of the marks below
     */
    static Chart of(Course span, HistoryRange range, List<Values> all, boolean fromZero, ZoneId zone) {
        long smallest = Long.MAX_VALUE;
        long largest = 0;
        for (Values each : all) {
            for (long value : each.values()) {
                if (value >= 0) {
                    smallest = Math.min(smallest, value);
                    largest = Math.max(largest, value);
                }
            }
        }
        Axis axis = Axis.of(fromZero || smallest == Long.MAX_VALUE ? 0 : smallest, largest, LEFT_MARKS);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Values each = all.get(i);
            lines.add(new Line(each.name(), each.topic(), path(each.values(), axis), i + 1));
        }
        List<Mark> left = new ArrayList<>();
        List<String> texts = axis.marks().stream().map(Chart::compact).toList();
        boolean distinct = texts.stream().distinct().count() == texts.size();
        for (int i = 0; i < texts.size(); i++) {
            long value = axis.marks().get(i);
            left.add(new Mark(y(value, axis), distinct ? texts.get(i) : Long.toString(value)));
        }
        return new Chart(lines, left, below(span, range, zone), rows(span, all));
    }

    private static String path(List<Long> values, Axis axis) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) < 0) {
                drawing = false;
                continue;
            }
            double x = LEFT + (double) (RIGHT - LEFT) * (i + 1) / values.size();
            path.append(
                    String.format(Locale.ROOT, drawing ? "L%.1f %.1f" : "M%.1f %.1fh.1", x, y(values.get(i), axis)));
            drawing = true;
        }
        return path.toString();
    }

    private static double y(long value, Axis axis) {
        return BOTTOM - (BOTTOM - TOP) * ((double) (value - axis.from()) / (axis.to() - axis.from()));
    }

    private static List<Mark> below(Course span, HistoryRange range, ZoneId zone) {
        List<Mark> marks = new ArrayList<>();
        long tickS = range.tick().toSeconds();
        ZonedDateTime from = span.from().atZone(zone);
        long offsetS = from.getOffset().getTotalSeconds();
        long first = Math.ceilDiv(span.from().getEpochSecond() + offsetS, tickS) * tickS - offsetS;
        double length = span.to().getEpochSecond() - span.from().getEpochSecond();
        for (long at = first; at <= span.to().getEpochSecond(); at += tickS) {
            double x = LEFT + (RIGHT - LEFT) * ((at - span.from().getEpochSecond()) / length);
            marks.add(new Mark(x, TIME.format(Instant.ofEpochSecond(at).atZone(zone))));
        }
        return marks;
    }

    private static List<Row> rows(Course span, List<Values> all) {
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int step = span.steps() - 1 - row * span.steps() / ROWS;
            rows.add(new Row(
                    span.at(step),
                    all.stream().map(each -> each.values().get(step)).toList()));
        }
        return rows;
    }

    /** A number in few letters, such as "1.2 M". */
    static String compact(long value) {
        String[] units = {"", " k", " M", " G", " T", " P"};
        double rest = value;
        int unit = 0;
        while (rest >= 1000 && unit < units.length - 1) {
            rest /= 1000;
            unit++;
        }
        String number = String.format(Locale.ROOT, rest == Math.rint(rest) || rest >= 100 ? "%.0f" : "%.1f", rest);
        return number + units[unit];
    }
}
