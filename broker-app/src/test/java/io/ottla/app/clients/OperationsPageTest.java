package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.app.ThreeBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does all that {@code docs/operations.md} says, in its order, against three brokers. */
class OperationsPageTest {
    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Path METRICS = Path.of("../docs/metrics.md");
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /** Something that the page has the reader do: a command, or, in a comment, what comes to pass meanwhile. */
    private static List<String> steps() throws IOException {
        List<String> steps = new ArrayList<>();
        boolean isCode = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                isCode = line.equals("```sh");
            } else if (isCode || line.startsWith("<!--")) {
                steps.add(line);
            }
        }
        return steps;
    }

    @Test
    @Tag("full")
    void shouldDoWhatThePageSays() throws Exception {
        List<String> steps = steps();
        assertThat(steps).hasSizeGreaterThan(25);
        try (ThreeBrokers brokers = ThreeBrokers.start(folder)) {
            for (String step : steps) {
                Matcher comment = Pattern.compile("<!-- (\\w+) (.*) -->").matcher(step);
                if (!comment.matches()) {
                    run(brokers, step);
                } else if (comment.group(1).equals("restart")) {
                    brokers.restart(Integer.parseInt(comment.group(2)));
                    await().atMost(LONG).until(() -> run(brokers, under()).isEmpty());
                } else {
                    String file = comment.group(2).replace("complete ", "");
                    await().atMost(LONG)
                            .until(() -> run(brokers, verify(file)).stream()
                                    .noneMatch(line -> line.contains("still in progress")));
                }
            }
            // then   the throttle is gone, and the topic
            assertThat(run(brokers, "bin/kafka-topics.sh --bootstrap-server localhost:9092 --list"))
                    .doesNotContain("orders");
        }
    }

    private static String under() {
        return "bin/kafka-topics.sh --bootstrap-server localhost:9092 --describe --under-replicated-partitions";
    }

    private static String verify(String file) {
        return "bin/kafka-reassign-partitions.sh --bootstrap-server localhost:9092 --verify --reassignment-json-file "
                + file;
    }

    private List<String> run(ThreeBrokers brokers, String command) throws IOException, InterruptedException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        String here = command.replace("localhost:9092", brokers.bootstrap()).replace("bin/kafka", root + "/bin/kafka");
        List<String> said =
                ForeignProgram.run("bash", "-euo", "pipefail", "-c", "cd \"$1\"; " + here, "page", folder.toString());
        assertThat(said).as(command).noneMatch(line -> line.startsWith("Error"));
        return said;
    }

    @Test
    void shouldNameMetricsThatThereAre() throws IOException {
        String known = Files.readString(METRICS);
        List<String> named = new ArrayList<>();
        Matcher name = Pattern.compile("`((kafka|ottla)_[a-z_]+)`").matcher(Files.readString(PAGE));
        while (name.find()) {
            named.add(name.group(1));
        }
        assertThat(named).hasSizeGreaterThan(10).allMatch(metric -> known.contains("`" + metric + "`"));
    }
}
