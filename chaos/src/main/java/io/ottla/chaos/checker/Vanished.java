package io.ottla.chaos.checker;

import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What anybody has read stays: each reading of everything, when all is healed, is given it. (What nobody has read at all is up to
 * {@link Losses}.) Nothing is deleted by age or size in a history.
 */
final class Vanished {
    private final Sends sends;
    /** The values that each reading was given. */
    private final List<Set<Long>> readings = new ArrayList<>();

    private long sinceUs;

    private Vanished(Sends sends) {
        this.sends = sends;
    }

    static void judge(List<Event> history, Sends sends, Logs logs, Verdict verdict) {
        Vanished rule = new Vanished(sends);
        for (Event event : history) {
            switch (event) {
                case Event.FinalReads reading -> {
                    rule.readings.add(new HashSet<>());
                    rule.sinceUs = reading.atUs();
                }
                case Event.Operation operation -> rule.collect(operation);
                case Event.Fault _, Event.Breakdown _, Event.Hanging _, Event.Standing _ -> {}
            }
        }
        for (Sends.Sent sent : sends.all()) {
            if (sent.outcome() != Outcome.REFUSED && logs.log(sent.log()).timesRead(sent.value()) > 0) {
                rule.judge(sent, logs.log(sent.log()), verdict);
            }
        }
    }

    private void collect(Event.Operation operation) {
        Work work = Work.of(0, operation);
        // Who began to poll before that is none of its readers.
        if (work == null || readings.isEmpty() || operation.startUs() < sinceUs) {
            return;
        }
        for (Step step : work.steps()) {
            if (step instanceof Step.Poll poll) {
                for (Read read : poll.reads()) {
                    Sends.Sent sent = sends.of(read.value());
                    if (sent != null && sent.log().equals(read.log())) {
                        readings.getLast().add(read.value());
                    }
                }
            }
        }
    }

    private void judge(Sends.Sent sent, Logs.Log log, Verdict verdict) {
        List<Integer> without = new ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            if (!readings.get(i).contains(sent.value())) {
                without.add(i + 1);
            }
        }
        if (!without.isEmpty()) {
            long offset = log.offsets().get(sent.value()).last();
            verdict.found(
                    Anomaly.VANISHED,
                    sent.log(),
                    offset,
                    sent.value(),
                    "value " + sent.value() + " of client " + sent.writer().client()
                            + (sent.outcome() == Outcome.DONE ? ", acknowledged" : ", never acknowledged")
                            + ", was read at offset " + offset + " of " + sent.log() + ", but not by final reading "
                            + without + " of " + readings.size());
        }
    }
}
