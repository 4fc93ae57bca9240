package io.ottla.chaos.checker;

import io.ottla.chaos.history.LogName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes what the rules find. */
final class Verdict {
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Normal, Long> normal = new EnumMap<>(Normal.class);

    void found(Anomaly anomaly, LogName log, long offset, long value, String what) {
        findings.add(new Finding(anomaly, log, offset, value, what));
    }

    void normal(Normal kind) {
        normal.merge(kind, 1L, Long::sum);
    }

    List<Finding> findings() {
        return findings;
    }

    Map<Normal, Long> normal() {
        return normal;
    }
}
