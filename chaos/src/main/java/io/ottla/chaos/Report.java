package io.ottla.chaos;

import io.ottla.chaos.checker.Anomaly;
import io.ottla.chaos.checker.Finding;
import io.ottla.chaos.checker.Gap;
import io.ottla.chaos.checker.Judgement;
import io.ottla.chaos.checker.Normal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a number of judgements come to, as text. */
final class Report {
    private static final int EXAMPLES = 5;

    private Judgement.Counts counts = new Judgement.Counts(0, 0, 0, 0, 0);
    private final Map<Anomaly, List<Finding>> findings = new EnumMap<>(Anomaly.class);
    private final Map<Normal, Long> normal = new EnumMap<>(Normal.class);
    private final Map<String, List<Gap>> gaps = new TreeMap<>();
    private int rounds;

    void add(Judgement judgement) {
        rounds++;
        counts = counts.plus(judgement.counts());
        judgement
                .findings()
                .forEach(each -> findings.computeIfAbsent(each.anomaly(), _ -> new ArrayList<>())
                        .add(each));
        judgement.normal().forEach((kind, times) -> normal.merge(kind, times, Long::sum));
        judgement
                .gaps()
                .forEach(gap -> gaps.computeIfAbsent(gap.fault().kind(), _ -> new ArrayList<>())
                        .add(gap));
    }

    boolean isClean() {
        return findings.isEmpty();
    }

    String text(double hours) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                String.format(Locale.ROOT, "%.3f hours, ", hours) + rounds + " rounds, " + counts.operations()
                        + " operations: " + counts.acknowledged() + " sends acknowledged, " + counts.refused()
                        + " refused, " + counts.unknown() + " of unknown outcome; " + counts.reads() + " reads");
        gaps(text);
        if (!normal.isEmpty()) {
            line(text, "");
            line(text, "Normal:");
            normal.forEach(
                    (kind, times) -> line(text, String.format(Locale.ROOT, "  %11d  %s", times, kind.meaning())));
        }
        line(text, "");
        line(text, "Findings: " + (findings.isEmpty() ? "none" : ""));
        findings.forEach((anomaly, list) -> {
            line(text, "  " + anomaly + ", " + list.size() + " times: " + anomaly.meaning());
            list.stream().limit(EXAMPLES).forEach(each -> line(text, "    " + each.what()));
            if (list.size() > EXAMPLES) {
                line(text, "    and " + (list.size() - EXAMPLES) + " more");
            }
        });
        return text.toString();
    }

    private void gaps(StringBuilder text) {
        if (gaps.isEmpty()) {
            return;
        }
        line(text, "");
        line(text, "Longest time without an acknowledgement, in ms, around each fault (median and worst):");
        line(
                text,
                String.format(
                        Locale.ROOT, "  %-18s %6s %18s %18s", "fault", "times", "in the cluster", "of a partition"));
        gaps.forEach((kind, list) -> {
            List<Long> cluster = list.stream().map(Gap::longestUs).sorted().toList();
            List<Long> partition = list.stream().map(Gap::worstUs).sorted().toList();
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "  %-18s %6d %9d %8d %9d %8d",
                            kind,
                            list.size(),
                            median(cluster),
                            cluster.getLast() / 1_000,
                            median(partition),
                            partition.getLast() / 1_000));
        });
    }

    private static long median(List<Long> sortedUs) {
        return sortedUs.get((sortedUs.size() - 1) / 2) / 1_000;
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }
}
