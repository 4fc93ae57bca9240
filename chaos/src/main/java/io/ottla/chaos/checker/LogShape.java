package io.ottla.chaos.checker;

import java.util.Map;
import java.util.NavigableSet;

/** One value at an offset, and one offset for a value. */
final class LogShape {
    private LogShape() {}

    static void judge(Logs logs, Verdict verdict) {
        logs.all().forEach((name, log) -> {
            for (Map.Entry<Long, NavigableSet<Long>> each : log.values().entrySet()) {
                if (each.getValue().size() > 1) {
                    verdict.found(
                            Anomaly.INCONSISTENT_OFFSETS,
                            name,
                            each.getKey(),
                            each.getValue().first(),
                            "offset " + each.getKey() + " of " + name + " is told to hold the values "
                                    + each.getValue());
                }
            }
            for (Map.Entry<Long, NavigableSet<Long>> each : log.offsets().entrySet()) {
                if (each.getValue().size() > 1) {
                    verdict.found(
                            Anomaly.DUPLICATE,
                            name,
                            each.getValue().last(),
                            each.getKey(),
                            "value " + each.getKey() + " is told to be at the offsets " + each.getValue() + " of "
                                    + name);
                }
            }
        });
    }
}
