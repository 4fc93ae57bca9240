package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Step;
import java.util.List;

/** Judges histories: reads one through a few times, once for each rule. */
public final class Checker {
    private Checker() {}

    public static Judgement judge(List<Event> history) {
        Verdict verdict = new Verdict();
        List<Work> works = Work.of(history);
        Logs logs = Logs.of(works);
        Sends sends = Sends.of(works, logs);

        LogShape.judge(logs, verdict);
        Visibility.judge(works, sends, verdict);
        boolean complete = history.stream().anyMatch(Event.FinalReads.class::isInstance);
        Losses.judge(sends, logs, complete, verdict);
        Vanished.judge(history, sends, logs, verdict);
        SendOrder.judge(history, sends, logs, verdict);
        PollOrder.judge(history, logs, verdict);
        Torn.judge(history, works, verdict);
        Copies.judge(history, works, sends, logs, complete, verdict);
        Commits.judge(history, verdict);
        Cycles.judge(works, sends, verdict);
        for (Event event : history) {
            if (event instanceof Event.Breakdown breakdown) {
                verdict.found(Anomaly.BREAKDOWN, null, Step.UNTOLD, Step.UNTOLD, breakdown.what());
            }
            if (event instanceof Event.Hanging hanging) {
                verdict.found(Anomaly.HANGING, hanging.log(), hanging.offset(), Step.UNTOLD, hanging.what());
            }
        }
        return new Judgement(
                new Judgement.Counts(
                        history.stream()
                                .filter(Event.Operation.class::isInstance)
                                .count(),
                        sends.count(Outcome.DONE),
                        sends.count(Outcome.REFUSED),
                        sends.count(Outcome.UNKNOWN),
                        logs.reads()),
                verdict.findings(),
                verdict.normal(),
                Gaps.of(history, works));
    }
}
