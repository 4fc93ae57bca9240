package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * All values that were sent, and what is known of each once the whole history is: a transaction whose outcome its client was
 * not told is committed where anybody else has read a value of it.
 */
final class Sends {
    /** @param writer the work that sent it */
    record Sent(LogName log, long value, Outcome outcome, long offset, Work writer) {}

    private final Map<Long, Sent> byValue;

    private Sends(Map<Long, Sent> byValue) {
        this.byValue = byValue;
    }

    static Sends of(Collection<Work> works, Logs logs) {
        Map<Long, Sent> byValue = new HashMap<>();
        for (Work work : works) {
            Outcome known = work.transaction() && work.outcome() == Outcome.UNKNOWN && isSeen(work, logs)
                    ? Outcome.DONE
                    : work.outcome();
            for (Step step : work.steps()) {
                if (step instanceof Step.Send send) {
                    Outcome outcome = work.transaction() ? known : send.outcome();
                    Sent sent = new Sent(send.log(), send.value(), outcome, send.offset(), work);
                    if (byValue.putIfAbsent(send.value(), sent) != null) {
                        throw new IllegalArgumentException(
                                "Expected each value to be sent once, but " + send.value() + " was sent again");
                    }
                }
            }
        }
        return new Sends(byValue);
    }

    /** Whether anybody has read something that it wrote, but for itself. */
    private static boolean isSeen(Work work, Logs logs) {
        Map<Long, Integer> own = new HashMap<>();
        for (Step step : work.steps()) {
            if (step instanceof Step.Poll poll) {
                for (Read read : poll.reads()) {
                    own.merge(read.value(), 1, Integer::sum);
                }
            }
        }
        for (Step step : work.steps()) {
            if (step instanceof Step.Send send
                    && logs.log(send.log()).timesRead(send.value()) > own.getOrDefault(send.value(), 0)) {
                return true;
            }
        }
        return false;
    }

    /** Null where nobody sent it. */
    Sent of(long value) {
        return byValue.get(value);
    }

    Collection<Sent> all() {
        return byValue.values();
    }

    long count(Outcome outcome) {
        return byValue.values().stream()
                .filter(sent -> sent.outcome() == outcome)
                .count();
    }
}
