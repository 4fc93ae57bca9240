package io.ottla.console.groups;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.lag.Course;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.LagHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** How groups went, in topics that the visitor may see, as pages draw it. */
final class LagView {
    static final int STEPS = 120;

    private static final int SPARK_STEPS = 40;
    private static final int MOST_LINES = 6;

    private LagView() {}

    static Map<String, Course> courses(
            Visit visit, LagHistory history, GroupKey group, Instant from, Instant to, int steps) {
        Map<String, Course> courses = new TreeMap<>(history.courses(group, from, to, steps));
        courses.keySet().removeIf(topic -> !visit.may(Action.VIEW_TOPIC, topic));
        return courses;
    }

    static Spark spark(Visit visit, LagHistory history, GroupKey group, Instant now) {
        Instant from = now.minus(HistoryRange.HOUR.length());
        return Spark.of(Course.sum(
                from,
                now,
                SPARK_STEPS,
                courses(visit, history, group, from, now, SPARK_STEPS).values()));
    }

    /** A line for each topic, those with most lag first; where there are many, the rest together. */
    static List<Chart.Values> lagLines(Map<String, Course> courses) {
        List<Map.Entry<String, Course>> ordered = courses.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Course> each) ->
                                each.getValue().maxLag())
                        .reversed())
                .toList();
        List<Chart.Values> lines = new ArrayList<>();
        boolean many = ordered.size() > MOST_LINES;
        int own = many ? MOST_LINES - 1 : ordered.size();
        ordered.subList(0, own)
                .forEach(each -> lines.add(
                        new Chart.Values(each.getKey(), true, values(each.getValue(), each.getValue()::lag))));
        if (many) {
            Course first = ordered.getFirst().getValue();
            Course rest = Course.sum(
                    first.from(),
                    first.to(),
                    first.steps(),
                    ordered.subList(own, ordered.size()).stream()
                            .map(Map.Entry::getValue)
                            .toList());
            lines.add(new Chart.Values("groups.chart.others", false, values(rest, rest::lag)));
        }
        return lines;
    }

    /** Committed offset and end of the log. */
    static List<Chart.Values> offsetLines(Course course) {
        return List.of(
                new Chart.Values("groups.chart.committed", false, values(course, course::committed)),
                new Chart.Values("groups.chart.end", false, values(course, course::end)));
    }

    private static List<Long> values(Course course, IntToLongFunction value) {
        return IntStream.range(0, course.steps()).mapToObj(value::applyAsLong).toList();
    }
}
