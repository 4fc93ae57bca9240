package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.lag.Course;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a group went.
 *
 * @param source kept, passing or off
 * @param loading whether what was kept is not read to its end yet
 */
record LagHistoryData(
        @JsonProperty("group_id") String groupId,
        String source,
        boolean loading,
        Instant from,
        Instant to,
        List<Line> topics) {
    /** In a topic. */
    record Line(@JsonProperty("topic_name") String topicName, List<Point> points) {}

    /** At a time; null stands for what is unknown. */
    record Point(
            Instant at,
            @JsonProperty("committed_offset") Long committedOffset,
            @JsonProperty("log_end_offset") Long logEndOffset,
            Long lag) {}

    static LagHistoryData of(
            String group, Enum<?> source, boolean loading, Instant from, Instant to, Map<String, Course> courses) {
        List<Line> lines = new ArrayList<>();
        courses.forEach((topic, course) -> {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < course.steps(); i++) {
                points.add(new Point(
                        course.at(i),
                        ConsumerLagData.known(course.committed(i)),
                        ConsumerLagData.known(course.end(i)),
                        ConsumerLagData.known(course.lag(i))));
            }
            lines.add(new Line(topic, points));
        });
        return new LagHistoryData(group, source.name().toLowerCase(Locale.ROOT), loading, from, to, lines);
    }
}
