package io.ottla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.chaos.cluster.Launcher;
import io.ottla.chaos.fault.FaultKind;
import io.ottla.chaos.fault.Skipped;
import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.HistoryJson;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Brokers as processes, and what their clients see of them. */
@Tag("full")
class ChaosRunTest {
    /** For faults, one after the other: how many of the kinds that is, is up to the machine. */
    private static final Duration TIME = Duration.ofMinutes(3);

    private static final Workload.Size SMALL = new Workload.Size(2, 2, 2, 1, 1, 1, 20);

    /** Kept where the test fails: the histories, and what all processes printed. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    /** As the tests of the process start it: from the class path, with little memory. */
    private static Launcher launcher() {
        return Launcher.classPath(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                "io.ottla.app.OttlaApplication",
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dlogging.config=classpath:logback-spring.xml"));
    }

    /** @param seed an odd one for transactions of version 2, an even one for the old ones */
    private List<Event> shouldFindNothing(List<FaultKind> kinds, long seed, Duration time, int atLeast)
            throws IOException, InterruptedException {
        Round.Tempo tempo = new Round.Tempo(time, atLeast, 1_500, 700, SMALL);
        Run run = new Run(launcher(), folder, kinds, seed, tempo, System.err::println);

        Report report = run.run(Duration.ofMillis(1), false);

        assertThat(report.isClean()).as(report.text(run.hours())).isTrue();
        return HistoryJson.read(folder.resolve("history-1.jsonl"));
    }

    @Test
    void shouldFindNothingWhereNothingIsDone() throws Exception {
        List<Event> history = shouldFindNothing(List.of(FaultKind.NONE), 2, Duration.ZERO, 3);

        assertThat(history.stream()
                        .filter(Event.Operation.class::isInstance)
                        .map(event -> ((Event.Operation) event).action())
                        .filter(action -> action instanceof Action.Transaction all && all.outcome() == Outcome.DONE))
                .hasSizeGreaterThan(5);
        assertThat(history)
                .hasSizeGreaterThan(50)
                .filteredOn(Event.FinalReads.class::isInstance)
                .hasSize(3);
    }

    @Test
    void shouldFindNothingWhateverIsDone() throws Exception {
        List<FaultKind> kinds = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            Optional<String> why = Skipped.why(kind);
            why.ifPresentOrElse(text -> System.err.println("SKIPPED: " + kind + ": " + text), () -> kinds.add(kind));
        }

        List<Event> history = shouldFindNothing(kinds, 1, TIME, 1);

        assertThat(history.stream()
                        .filter(Event.Fault.class::isInstance)
                        .map(Event.Fault.class::cast)
                        .map(Event.Fault::kind))
                .hasSizeGreaterThan(5)
                .isSubsetOf(kinds.stream().map(FaultKind::toString).toList());
    }
}
