package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md against what a broker shows that has been used. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\S+)` \\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

    @TempDir
    Path folder;

    @Test
    void shouldHaveALineForEachMetricAndAMetricForEachLine()
            throws IOException, InterruptedException, ExecutionException {
        // given
        Set<String> documented = new TreeSet<>();
        Matcher rows = ROW.matcher(Files.readString(PAGE));
        while (rows.find()) {
            documented.add(rows.group(1));
        }

        // when
        Set<String> shown = new TreeSet<>();
        try (OttlaProcess process = OttlaProcess.serve(folder).awaitReady()) {
            TestingClient.createTopic(process.bootstrap());
            TestingClient.produce(process.bootstrap(), 0, 3);
            TestingClient.consume(process.bootstrap(), 3);
            process.get("/actuator/health");
            Matcher types = TYPE.matcher(process.get("/metrics").body());
            while (types.find()) {
                shown.add(nameInPage(types.group(1), types.group(2)));
            }
        }

        // then
        assertThat(shown).isEqualTo(documented);
    }

    /** The count of a distribution has no line of its own. */
    private static String nameInPage(String name, String type) {
        return type.equals("untyped") && name.endsWith("_count")
                ? name.substring(0, name.length() - "_count".length())
                : name;
    }
}
