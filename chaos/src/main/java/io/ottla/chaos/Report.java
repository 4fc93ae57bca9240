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
                "%.3f hours, %d rounds, %d operations: %d sends acknowledged, %d refused, %d of unknown outcome; %d reads",
                hours,
                rounds,
                counts.operations(),
                counts.acknowledged(),
                counts.refused(),
                counts.unknown(),
                counts.reads());
        gaps(text);
        if (!normal.isEmpty()) {
            line(text, "%nNormal:");
            normal.forEach((kind, times) -> line(text, "  %,11d  %s", times, kind.meaning()));
        }
        line(text, "%nFindings: %s", findings.isEmpty() ? "none" : "");
        findings.forEach((anomaly, list) -> {
            line(text, "  %s, %d times: %s", anomaly, list.size(), anomaly.meaning());
            list.stream().limit(EXAMPLES).forEach(each -> line(text, "    %s", each.what()));
            if (list.size() > EXAMPLES) {
                line(text, "    and %d more", list.size() - EXAMPLES);
            }
        });
        return text.toString();
    }

    private void gaps(StringBuilder text) {
        if (gaps.isEmpty()) {
            return;
        }
        line(text, "%nLongest time without an acknowledgement, in ms, around each fault (median and worst):");
        line(text, "  %-18s %6s %18s %18s", "fault", "times", "in the cluster", "of a partition");
        gaps.forEach((kind, list) -> line(
                text,
                "  %-18s %6d %9d %8d %9d %8d",
                kind,
                list.size(),
                median(list.stream().map(Gap::longestUs).toList()),
                worst(list.stream().map(Gap::longestUs).toList()),
                median(list.stream().map(Gap::worstUs).toList()),
                worst(list.stream().map(Gap::worstUs).toList())));
    }

    private static long median(List<Long> us) {
        return us.stream().sorted().toList().get((us.size() - 1) / 2) / 1_000;
    }

    private static long worst(List<Long> us) {
        return us.stream().mapToLong(Long::longValue).max().orElse(0) / 1_000;
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }
}
