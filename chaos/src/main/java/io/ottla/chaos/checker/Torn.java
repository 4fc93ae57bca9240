package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Of a transaction all is there in the end, or nothing: each reading of everything, when all is healed, has all its values or none.
 * (Before that a part may be read while others are held back: each partition is told of the end by itself.)
 */
final class Torn {
    private final List<Work> works;
    private final Verdict verdict;
    private Set<Long> reading;
    private long sinceUs;
    private int number;

    private Torn(List<Work> works, Verdict verdict) {
        this.works = works;
        this.verdict = verdict;
    }

    static void judge(List<Event> history, List<Work> works, Verdict verdict) {
        Torn rule = new Torn(works, verdict);
        for (Event event : history) {
            if (event instanceof Event.FinalReads reads) {
                rule.judge();
                rule.reading = new HashSet<>();
                rule.sinceUs = reads.atUs();
                rule.number++;
            } else if (event instanceof Event.Operation operation && rule.reading != null) {
                rule.collect(operation);
            }
        }
        rule.judge();
    }

    private void collect(Event.Operation operation) {
        Work work = Work.of(0, operation);
        if (work == null || operation.startUs() < sinceUs) {
            return;
        }
        for (Step step : work.steps()) {
            if (step instanceof Step.Poll poll) {
                poll.reads().stream().map(Read::value).forEach(reading::add);
            }
        }
    }

    private void judge() {
        if (reading == null) {
            return;
        }
        for (Work work : works) {
            if (work.transaction()) {
                judge(work);
            }
        }
    }

    private void judge(Work work) {
        Step.Send there = null;
        Step.Send missing = null;
        for (Step step : work.steps()) {
            if (step instanceof Step.Send send) {
                if (reading.contains(send.value())) {
                    there = send;
                } else {
                    missing = send;
                }
            }
        }
        if (there != null && missing != null) {
            verdict.found(
                    Anomaly.TORN,
                    missing.log(),
                    missing.offset(),
                    missing.value(),
                    "final reading " + number + " has value " + there.value() + " of " + there.log()
                            + ", but not value " + missing.value() + " of " + missing.log()
                            + " from the same transaction of client " + work.client() + ", whose outcome was "
                            + work.outcome());
        }
    }
}
