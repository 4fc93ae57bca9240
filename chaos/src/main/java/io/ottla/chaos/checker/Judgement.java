package io.ottla.chaos.checker;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The verdict on a history.
 *
 * @param findings anything here is a failure
 * @param normal how often each was seen
 * @param gaps one for each fault, in the history's order
 */
public record Judgement(Counts counts, List<Finding> findings, Map<Normal, Long> normal, List<Gap> gaps) {
    /** How much there was to judge. */
    public record Counts(long operations, long acknowledged, long refused, long unknown, long reads) {
        public Counts plus(Counts other) {
            return new Counts(
                    operations + other.operations,
                    acknowledged + other.acknowledged,
                    refused + other.refused,
                    unknown + other.unknown,
                    reads + other.reads);
        }
    }

    public Judgement {
        findings = List.copyOf(findings);
        normal = Map.copyOf(normal);
        gaps = List.copyOf(gaps);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    public Map<Anomaly, Long> byAnomaly() {
        Map<Anomaly, Long> counts = new EnumMap<>(Anomaly.class);
        findings.forEach(each -> counts.merge(each.anomaly(), 1L, Long::sum));
        return counts;
    }
}
