package io.ottla.app.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@link ClientLoad}, or what does the same, as it runs, and what it has said so far of the numbers that it sends. */
final class ForeignLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long CALM_NS = 500_000_000;
    private static final String ACKNOWLEDGED = "acknowledged ";

    private final Process process;
    private final Path output;
    private final Path errors;

    /** @param folder where its output goes */
    ForeignLoad(Path folder, String... command) throws IOException {
        output = Files.createTempFile(folder, "load", ".out");
        errors = Files.createTempFile(folder, "load", ".err");
        process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }

    /** In the order in which they were acknowledged. */
    List<Long> acknowledged() {
        return lines().stream()
                .filter(line -> line.startsWith(ACKNOWLEDGED))
                .map(line -> Long.valueOf(line.substring(ACKNOWLEDGED.length())))
                .toList();
    }

    /** All it has said besides: what failed, and how. */
    List<String> complaints() {
        return lines().stream().filter(line -> !line.startsWith(ACKNOWLEDGED)).toList();
    }

    void awaitMore(int numbers) {
        int before = acknowledged().size();
        await().atMost(PATIENCE)
                .until(() -> !process.isAlive() || acknowledged().size() >= before + numbers);
        assertThat(process.isAlive()).as(said(errors)).isTrue();
    }

    /** Has it send nothing more until it is told to go on, and waits until it has heard of all that it has sent. */
    void pause() {
        say('p');
        await().atMost(PATIENCE).until(this::isCalm);
    }

    private boolean isCalm() {
        int before = lines().size();
        LockSupport.parkNanos(CALM_NS);
        return lines().size() == before;
    }

    void goOn() {
        say('g');
    }

    /** Has it end when all that it has sent is acknowledged or has failed. */
    void stop() throws InterruptedException {
        say('q');
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(said(errors))
                .isTrue();
        assertThat(process.exitValue()).as(said(errors)).isZero();
    }

    private void say(char command) {
        try {
            process.getOutputStream().write(command);
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(said(errors), e);
        }
    }

    private List<String> lines() {
        String said = said(output);
        return said.substring(0, said.lastIndexOf('\n') + 1).lines().toList();
    }

    private static String said(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
