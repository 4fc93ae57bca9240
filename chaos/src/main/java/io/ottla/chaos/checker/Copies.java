package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What transactions read whose group's offsets go with them, and what they write, moves together: each record is read by one committed
 * transaction of a group, and those that the group has passed by exactly one; in the end the group is behind the last of them.
 */
final class Copies {
    private record Place(String group, LogName log) {}

    private final Sends sends;
    private final Verdict verdict;
    /** Who has read it, by its offset. */
    private final Map<Place, Map<Long, Work>> copied = new HashMap<>();
    /** How far the group is. */
    private final Map<Place, Long> passed = new HashMap<>();

    private Copies(Sends sends, Verdict verdict) {
        this.sends = sends;
        this.verdict = verdict;
    }

    /** @param complete whether it is known of each transaction what became of it */
    static void judge(
            List<Event> history, List<Work> works, Sends sends, Logs logs, boolean complete, Verdict verdict) {
        Copies rule = new Copies(sends, verdict);
        works.forEach(rule::collect);
        if (complete) {
            rule.passed.forEach((place, end) -> rule.judgePassed(place, end, logs.log(place.log)));
            for (Event event : history) {
                if (event instanceof Event.Standing standing) {
                    rule.judge(standing);
                }
            }
        }
    }

    private void collect(Work work) {
        if (!work.transaction() || !isCommitted(work)) {
            return;
        }
        for (Step step : work.steps()) {
            if (step instanceof Step.Offsets offsets) {
                for (Position each : offsets.positions()) {
                    passed.merge(new Place(offsets.group(), each.log()), each.offset(), Math::max);
                }
                work.steps().forEach(input -> collect(work, offsets.group(), input));
            }
        }
    }

    /** By its own outcome, or since others have read what it wrote. */
    private boolean isCommitted(Work work) {
        return work.outcome() == Outcome.DONE
                || work.steps().stream()
                        .anyMatch(step -> step instanceof Step.Send send
                                && sends.of(send.value()).outcome() == Outcome.DONE);
    }

    private void collect(Work work, String group, Step step) {
        if (step instanceof Step.Poll poll) {
            for (Read read : poll.reads()) {
                Work other = copied.computeIfAbsent(new Place(group, read.log()), _ -> new HashMap<>())
                        .putIfAbsent(read.offset(), work);
                if (other != null) {
                    verdict.found(
                            Anomaly.COPIED_AGAIN,
                            read.log(),
                            read.offset(),
                            read.value(),
                            "group " + group + " has read offset " + read.offset() + " of " + read.log()
                                    + " in committed transactions of client " + other.client() + " and of client "
                                    + work.client());
                }
            }
        }
    }

    private void judge(Event.Standing standing) {
        Map<LogName, Long> is = new TreeMap<>();
        standing.positions().forEach(each -> is.put(each.log(), each.offset()));
        Map<LogName, Long> expected = new TreeMap<>();
        passed.forEach((place, end) -> {
            if (place.group.equals(standing.group())) {
                expected.put(place.log, end);
            }
        });
        Set<LogName> all = new TreeSet<>(is.keySet());
        all.addAll(expected.keySet());
        for (LogName log : all) {
            if (!Objects.equals(is.get(log), expected.get(log))) {
                verdict.found(
                        Anomaly.OFFSET_APART,
                        log,
                        is.getOrDefault(log, Step.UNTOLD),
                        Step.UNTOLD,
                        "group " + standing.group() + " is at offset " + is.get(log) + " of " + log
                                + " in the end, but its committed transactions have moved it to " + expected.get(log));
            }
        }
    }

    private void judgePassed(Place place, long end, Logs.Log log) {
        Map<Long, Work> own = copied.getOrDefault(place, Map.of());
        for (Map.Entry<Long, NavigableSet<Long>> each :
                log.values().headMap(end, false).entrySet()) {
            if (!own.containsKey(each.getKey())) {
                verdict.found(
                        Anomaly.NOT_COPIED,
                        place.log,
                        each.getKey(),
                        each.getValue().first(),
                        "group " + place.group + " is at offset " + end + " of " + place.log
                                + ", but none of its committed transactions has read offset " + each.getKey());
            }
        }
    }
}
