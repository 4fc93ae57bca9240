package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What may be read at all: what was sent there, not what was refused, and nothing by the transaction that writes it. */
final class Visibility {
    private record Seen(LogName log, long value) {}

    private final Sends sends;
    private final Verdict verdict;
    private final Set<Seen> told = new HashSet<>();
    private final Map<Long, Set<Long>> consumed = new HashMap<>();

    private Visibility(Sends sends, Verdict verdict) {
        this.sends = sends;
        this.verdict = verdict;
    }

    static void judge(Collection<Work> works, Sends sends, Verdict verdict) {
        Visibility rule = new Visibility(sends, verdict);
        works.forEach(rule::judge);
    }

    private void judge(Work work) {
        for (Step step : work.steps()) {
            if (step instanceof Step.Poll poll) {
                poll.reads().forEach(read -> judge(work, read));
            }
        }
    }

    private void judge(Work work, Read read) {
        Sends.Sent sent = sends.of(read.value());
        if (sent == null || !sent.log().equals(read.log())) {
            once(
                    Anomaly.NEVER_SENT,
                    work,
                    read,
                    sent == null ? "was never sent to anywhere" : "was sent to " + sent.log());
        } else if (work.transaction() && work.sends(read.value())) {
            verdict.found(
                    Anomaly.PRECOMMITTED_READ,
                    read.log(),
                    read.offset(),
                    read.value(),
                    text(work, read) + " was written by the same transaction");
        } else if (sent.outcome() == Outcome.REFUSED) {
            once(
                    Anomaly.ABORTED_READ,
                    work,
                    read,
                    "was refused to client " + sent.writer().client());
        }
        if (work.transaction()
                && work.outcome() == Outcome.DONE
                && work.steps().stream().noneMatch(Step.Offsets.class::isInstance)
                && !consumed.computeIfAbsent(work.client(), _ -> new HashSet<>())
                        .add(read.value())) {
            verdict.normal(Normal.CONSUMED_AGAIN);
        }
    }

    /** Many may read it: it is told once. */
    private void once(Anomaly anomaly, Work work, Read read, String what) {
        if (told.add(new Seen(read.log(), read.value()))) {
            verdict.found(anomaly, read.log(), read.offset(), read.value(), text(work, read) + " " + what);
        }
    }

    private static String text(Work work, Read read) {
        return "value " + read.value() + ", read by client " + work.client() + " at offset " + read.offset() + " of "
                + read.log() + ",";
    }
}
