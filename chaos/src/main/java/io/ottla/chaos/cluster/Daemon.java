package io.ottla.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * A process that runs or does not. What it prints goes through us into a file, so that no limit on the sizes of its own files meets
 * that one.
 */
final class Daemon {
    private final String name;
    private final Path output;
    private final IntConsumer endedByItself;
    private Process process;
    private Thread copier;
    private volatile AtomicBoolean mayEnd = new AtomicBoolean();

    /** @param endedByItself gets the exit code of each process that ends without having been told to */
    Daemon(String name, Path output, IntConsumer endedByItself) {
        this.name = name;
        this.output = output;
        this.endedByItself = endedByItself;
    }

    synchronized void start(Launcher.Command command, Map<String, String> environment, Runnable ended)
            throws IOException {
        AtomicBoolean itMayEnd = new AtomicBoolean();
        mayEnd = itMayEnd;
        ProcessBuilder builder = new ProcessBuilder(command.line()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(each -> each.startsWith("KAFKA_") || each.startsWith("SERVER_"));
        builder.environment().putAll(command.environment());
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        copier = Thread.ofVirtual().name("output-of-" + name).start(() -> copy(started.getInputStream()));
        started.onExit().thenAccept(ended_ -> {
            ended.run();
            if (!itMayEnd.get()) {
                endedByItself.accept(ended_.exitValue());
            }
        });
    }

    private void copy(InputStream from) {
        try (OutputStream to = Files.newOutputStream(output, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            from.transferTo(to);
        } catch (IOException pipeBroken) {
            // With its process.
        }
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    synchronized long pid() {
        return process.pid();
    }

    /** It may end from now on, until it is started again: by a fault that it has to give up at. */
    void mayEnd() {
        mayEnd.set(true);
    }

    void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                .redirectErrorStream(true)
                .start()
                .waitFor();
        if (code != 0 && isAlive()) {
            throw new IOException("Expected to send SIG" + signal + " to " + name + ", but kill ended with " + code);
        }
    }

    /** With SIGKILL; returns when it is dead, and all that it printed is in the file. */
    void kill() throws InterruptedException {
        mayEnd();
        Process doomed = current();
        if (doomed != null) {
            doomed.toHandle().destroyForcibly(); // Process.destroyForcibly would close what it prints to.
            doomed.waitFor();
            copier.join();
        }
    }

    /** With SIGTERM. @return whether it ended within that time */
    boolean stop(Duration patience) throws InterruptedException {
        mayEnd();
        Process asked = current();
        asked.toHandle().destroy();
        return asked.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized Process current() {
        return process;
    }

    /** The letter of its state in /proc, such as T for stopped. */
    String state() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    }

    Path output() {
        return output;
    }
}
