package io.ottla.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a tool has said, on both of its outputs, and its exit code on the last line. */
final class Said {
    private static final long PATIENCE_SECONDS = 300;

    private final List<String> command;
    private final Path out;
    private final Path in;
    private final Process process;

    private Said(List<String> command, String input) throws IOException {
        this.command = command;
        out = Files.createTempFile("tool", ".out");
        in = Files.writeString(Files.createTempFile("tool", ".in"), input);
        process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    static Said by(List<String> command, String input) throws IOException {
        return new Said(command, input);
    }

    /** Waits for its end. */
    String all() throws IOException, InterruptedException {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(out);
        Files.delete(out);
        Files.delete(in);
        assertThat(ended).as(String.join(" ", command) + "\n" + text).isTrue();
        return text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + "exit " + process.exitValue();
    }
}
