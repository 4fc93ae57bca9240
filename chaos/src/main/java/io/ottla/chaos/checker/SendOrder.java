package io.ottla.chaos.checker;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one producer sends to a partition stands there in the order in which it was sent. A send whose acknowledgement never
 * came counts by the place where it was read.
 */
final class SendOrder {
    private record Last(long value, long offset) {}

    private final Sends sends;
    private final Logs logs;
    private final Verdict verdict;
    private final Map<Long, Map<LogName, Last>> byClient = new HashMap<>();

    private SendOrder(Sends sends, Logs logs, Verdict verdict) {
        this.sends = sends;
        this.logs = logs;
        this.verdict = verdict;
    }

    static void judge(List<Event> history, Sends sends, Logs logs, Verdict verdict) {
        SendOrder rule = new SendOrder(sends, logs, verdict);
        for (Event event : history) {
            if (event instanceof Event.Operation operation) {
                rule.judge(operation);
            }
        }
    }

    private void judge(Event.Operation operation) {
        if (operation.action() instanceof Action.Crash) {
            byClient.remove(operation.client());
            return;
        }
        Work work = Work.of(0, operation);
        if (work == null) {
            return;
        }
        Map<LogName, Last> before = byClient.computeIfAbsent(operation.client(), _ -> new HashMap<>());
        Map<LogName, Last> within = new HashMap<>();
        for (Step step : work.steps()) {
            if (step instanceof Step.Send send) {
                judge(work, send, before, within);
            }
        }
        before.putAll(within);
    }

    private void judge(Work work, Step.Send send, Map<LogName, Last> before, Map<LogName, Last> within) {
        LogName name = send.log();
        long offset = placeOf(send);
        if (offset == Step.UNTOLD) {
            return;
        }
        Last inside = within.get(name);
        Last outside = before.get(name);
        if (inside != null && offset < inside.offset()) {
            found(Anomaly.REORDERED_WITHIN, work, send, offset, inside);
        } else if (inside == null && outside != null && offset < outside.offset()) {
            found(Anomaly.REORDERED, work, send, offset, outside);
        } else if (inside != null && work.transaction() && logs.log(name).between(inside.offset(), offset) != null) {
            verdict.normal(Normal.SEND_SKIP_WITHIN);
        }
        within.put(name, new Last(send.value(), offset));
    }

    private long placeOf(Step.Send send) {
        Outcome outcome = sends.of(send.value()).outcome();
        if (outcome == Outcome.REFUSED) {
            return Step.UNTOLD;
        }
        if (outcome == Outcome.DONE && send.offset() != Step.UNTOLD) {
            return send.offset();
        }
        return logs.log(send.log()).placeOf(send.value());
    }

    private void found(Anomaly anomaly, Work work, Step.Send send, long offset, Last last) {
        verdict.found(
                anomaly,
                send.log(),
                offset,
                send.value(),
                "client " + work.client() + " sent " + last.value() + " and then " + send.value() + " to " + send.log()
                        + ", but they are at the offsets " + last.offset() + " and " + offset);
    }
}
