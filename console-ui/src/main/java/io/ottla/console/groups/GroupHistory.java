package io.ottla.console.groups;

import io.ottla.console.access.Visit;
import io.ottla.console.lag.Course;
import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.LagWatch;
import java.time.Instant;
import java.util.Map;

/**
 * How a group went.
 *
 * @param loading whether what was kept is not read to its end yet
 * @param courses by topic that may be seen
 */
public record GroupHistory(
        LagWatch.Source source, boolean loading, Instant from, Instant to, Map<String, Course> courses) {
    /** Of a group that is there. */
    public static GroupHistory of(Visit visit, LagWatch watch, GroupKey group, HistoryRange range, Instant now) {
        GroupReader.listing(visit, group);
        Instant from = now.minus(range.length());
        Map<String, Course> courses = LagView.courses(visit, watch.look(), group, from, now, LagView.STEPS);
        return new GroupHistory(watch.source(), watch.isLoading(), from, now, courses);
    }
}
