package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Step;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;

/**
 * Every acknowledged value was read by somebody. Where one was not, and something at or behind its place was, it is lost; to be
 * sure, a value counts as read as early as it was, and as missing as late as it was told to be.
 */
final class Losses {
    private Losses() {}

    /** @param complete whether readers went through everything in the end */
    static void judge(Sends sends, Logs logs, boolean complete, Verdict verdict) {
        Map<LogName, Long> readUpTo = new HashMap<>();
        logs.all().forEach((name, log) -> readUpTo.put(name, log.readUpTo()));
        for (Sends.Sent sent : sends.all()) {
            Logs.Log log = logs.log(sent.log());
            boolean read = log.timesRead(sent.value()) > 0;
            switch (sent.outcome()) {
                case DONE -> {
                    if (!read) {
                        missing(sent, log, readUpTo.getOrDefault(sent.log(), -1L), complete, verdict);
                    }
                }
                case UNKNOWN -> verdict.normal(read ? Normal.UNKNOWN_KEPT : Normal.UNKNOWN_GONE);
                case REFUSED -> {
                    if (!read) {
                        verdict.normal(Normal.REFUSED_GONE);
                    }
                }
            }
        }
    }

    private static void missing(Sends.Sent sent, Logs.Log log, long readUpTo, boolean complete, Verdict verdict) {
        NavigableSet<Long> places = log.offsets().get(sent.value());
        long offset = places == null ? sent.offset() : places.last();
        String told = "value " + sent.value() + " of client " + sent.writer().client() + ", acknowledged in "
                + sent.log() + (offset == Step.UNTOLD ? "" : " at offset " + offset);
        if (offset != Step.UNTOLD && offset <= readUpTo) {
            verdict.found(
                    Anomaly.LOST_WRITE,
                    sent.log(),
                    offset,
                    sent.value(),
                    told + ", was never read, though offset " + readUpTo + " was");
        } else if (complete) {
            verdict.found(Anomaly.UNSEEN, sent.log(), offset, sent.value(), told + ", was never read");
        } else {
            verdict.normal(Normal.NOT_READ_YET);
        }
    }
}
