package io.ottla.app;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process shows to Prometheus at one moment.
 *
 * @param names of metrics, as documented: the count of a distribution has no line of its own
 * @param values by series, with its labels
 */
record MetricsPage(Set<String> names, Map<String, Double> values) {
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
    private static final Pattern SERIES = Pattern.compile("(?m)^([^#\\s{]+)(\\{.*\\})? (\\S+)$");
    private static final String COUNT = "_count";

    static MetricsPage of(OttlaProcess process) throws IOException, InterruptedException {
        String text = process.get("/metrics").body();
        Set<String> names = new TreeSet<>();
        Matcher types = TYPE.matcher(text);
        while (types.find()) {
            names.add(types.group(2).equals("untyped") ? withoutCount(types.group(1)) : types.group(1));
        }
        Map<String, Double> values = new HashMap<>();
        Matcher series = SERIES.matcher(text);
        while (series.find()) {
            String labels = series.group(2) == null ? "" : series.group(2);
            values.put(series.group(1) + labels, Double.valueOf(series.group(3)));
        }
        return new MetricsPage(names, values);
    }

    /** Metrics of which a series has another value there. */
    Set<String> movedUntil(MetricsPage later) {
        Set<String> moved = new TreeSet<>();
        values.forEach((series, value) -> {
            Double then = later.values.get(series);
            if (then != null && !then.equals(value)) {
                String name = series.replaceAll("\\{.*", "");
                moved.add(names.contains(name) ? name : name.replaceAll("_(count|sum)$", ""));
            }
        });
        return moved;
    }

    private static String withoutCount(String name) {
        return name.endsWith(COUNT) ? name.substring(0, name.length() - COUNT.length()) : name;
    }
}
