package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is not ours, run to its end. */
public final class ForeignProgram {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ForeignProgram() {}

    /** Runs it and returns the lines of its standard output; fails, showing all it said, unless it ends with 0. */
    public static List<String> run(String... command) throws IOException, InterruptedException {
        return runWithInput("", command);
    }

    /** As {@link #run}, with the text as its standard input. */
    static List<String> runWithInput(String input, String... command) throws IOException, InterruptedException {
        Path in = Files.createTempFile("client", ".in");
        Path out = Files.createTempFile("client", ".out");
        Path err = Files.createTempFile("client", ".err");
        try {
            Files.writeString(in, input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = String.join(" ", command) + "\n" + Files.readString(out) + Files.readString(err);
            assertThat(ended).as("ends in time: " + said).isTrue();
            assertThat(process.exitValue()).as(said).isZero();
            return Files.readAllLines(out);
        } finally {
            Files.delete(in);
            Files.delete(out);
            Files.delete(err);
        }
    }
}
