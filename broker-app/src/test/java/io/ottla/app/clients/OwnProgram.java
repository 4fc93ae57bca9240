package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A program among these tests, in a JVM of its own that can be killed, and the lines that it has said so far. */
final class OwnProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path output;

    private OwnProgram(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param folder where its output goes */
    static OwnProgram start(Path folder, Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, program.getSimpleName(), ".out");
        return new OwnProgram(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    long count(String line) {
        return said().lines().filter(line::equals).count();
    }

    /** Waits until it has said this line so many times more. */
    void awaitMore(String line, int times) {
        long before = count(line);
        await().atMost(PATIENCE).until(() -> !process.isAlive() || count(line) >= before + times);
        assertThat(process.isAlive()).as(said()).isTrue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With SIGKILL: it leaves no group, and ends no transaction. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
