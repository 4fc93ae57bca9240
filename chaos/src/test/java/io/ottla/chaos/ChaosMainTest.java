package io.ottla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.chaos.history.Action;
import io.ottla.chaos.history.Event;
import io.ottla.chaos.history.HistoryWriter;
import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Outcome;
import io.ottla.chaos.history.Read;
import io.ottla.chaos.history.Step;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ChaosMainTest {
    private static final LogName LOG = new LogName("a", 0);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = ChaosMain.commandLine();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    private Path history(Read... reads) throws IOException {
        Path file = folder.resolve("history");
        try (HistoryWriter writer = new HistoryWriter(file)) {
            writer.add(new Event.Operation(
                    1, 1, 2, new Action.Work(List.of(new Step.Send(LOG, 5, Outcome.DONE, 17, 2_000_000)))));
            writer.add(new Event.Fault("kill", "broker 1", 1_000_000, 1_500_000, "it was dead"));
            writer.add(new Event.FinalReads(3));
            writer.add(
                    new Event.Operation(2, 3, 4, new Action.Work(List.of(new Step.Poll(List.of(), List.of(reads))))));
        }
        return file;
    }

    @Test
    void shouldEndWithZeroWhereAHistoryIsClean() throws IOException {
        assertThat(run("--judge", history(new Read(LOG, 17, 5)).toString())).isZero();
        assertThat(out.toString())
                .contains("2 operations: 1 sends acknowledged, 0 refused, 0 of unknown outcome; 1 reads")
                .contains("Findings: none")
                .containsPattern("kill +1 +1000 +1000 +1000 +1000");
    }

    @Test
    void shouldEndWithOneAndNameWhatItFound() throws IOException {
        assertThat(run("--judge", history().toString())).isOne();
        assertThat(out.toString())
                .contains("UNSEEN, 1 times")
                .contains("value 5 of client 1, acknowledged in a-0 at offset 17, was never read");
    }

    @Test
    void shouldSayWhatIsWrongWithItsArguments() throws IOException {
        Path full = Files.writeString(folder.resolve("something"), "here");
        assertRefused(
                "Expected a file " + folder.resolve("absent"),
                "--judge",
                folder.resolve("absent").toString());
        assertRefused("Expected an event of a history in line 1", "--judge", full.toString());
        assertRefused("Expected one of none, kill", "--fault", "kill,earthquake");
        assertRefused("--hours between 0 and 10000, but got 0.0", "--hours", "0");
        assertRefused("--round-minutes between 0 and 60", "--round-minutes", "61");
        assertRefused(
                "Expected an empty folder for --keep, but got " + folder,
                "--keep",
                folder.toString(),
                "--fault",
                "none");
        assertRefused("'soon' is not a double", "--hours", "soon");
        assertRefused("Unknown option: '--often'", "--often");
    }

    private void assertRefused(String why, String... arguments) {
        err.getBuffer().setLength(0);
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString()).contains(why);
    }
}
