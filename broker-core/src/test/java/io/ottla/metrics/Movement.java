package io.ottla.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metrics.Metrics.Family;
import io.ottla.metrics.Metrics.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What changes among meters while a test runs. Belongs to one test's thread. */
public final class Movement {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\S+)` \\|");

    private record Series(String name, Labels labels) {}

    private final IdentityHashMap<Metrics, Map<Series, Double>> first = new IdentityHashMap<>();
    private final Set<String> seen = new TreeSet<>();
    private final Set<String> moved = new HashSet<>();

    Movement() {}

    /** Looks at the meters as they are before anything happens, and whenever {@link #look} is called from now on. */
    public void watch(Metrics metrics) {
        first.put(metrics, read(metrics));
    }

    /** Looks once more: for what goes back to where it was before the test ends. */
    public void look() {
        first.forEach((metrics, before) -> read(metrics).forEach((series, value) -> {
            Double known = before.putIfAbsent(series, value);
            if (known == null ? countsFromZero(metrics, series) && value != 0 : !known.equals(value)) {
                moved.add(series.name());
            }
        }));
    }

    /** Looks once more, and says whether that metric has moved until now. */
    public boolean sees(String name) {
        look();
        return moved.contains(name);
    }

    /** A counter that came into being meanwhile was 0 before; a gauge that did has not moved yet, unless it only informs. */
    private static boolean countsFromZero(Metrics metrics, Series series) {
        return series.name().endsWith("_info")
                || metrics.read().stream()
                        .filter(family -> family.name().equals(series.name()))
                        .flatMap(family -> family.samples().stream())
                        .anyMatch(sample -> !(sample instanceof Sample.Level));
    }

    private Map<Series, Double> read(Metrics metrics) {
        Map<Series, Double> values = new HashMap<>();
        for (Family family : metrics.read()) {
            seen.add(family.name());
            for (Sample sample : family.samples()) {
                double value = switch (sample) {
                    case Sample.Count count -> count.value();
                    case Sample.Level level -> level.value();
                    case Sample.Spread spread -> spread.reading().count();
                };
                values.put(new Series(family.name(), sample.labels()), value);
            }
        }
        return values;
    }

    /** Fails where one of them has not moved, or where a meter has no line in the documentation. */
    void verify(String... names) {
        assertThat(first).as("meters that are watched").isNotEmpty();
        look();
        assertThat(moved).contains(names);
        assertThat(documented()).containsAll(seen);
    }

    private static Set<String> documented() {
        Set<String> names = new TreeSet<>();
        try {
            Matcher rows = ROW.matcher(Files.readString(PAGE));
            while (rows.find()) {
                names.add(rows.group(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
