package io.ottla.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Connections to a broker that programs of their own hold, so that no process needs more files than it may have. */
final class HeldConnections implements AutoCloseable {
    private static final int BY_PROCESS = 2_500;

    private record Holder(Process process, BufferedReader says) {}

    private final List<Holder> holders = new ArrayList<>();

    /**
     * Opens them; each has been served once when this returns.
     *
     * @param how {@code idle}, or {@code stalling} for those that begin a large request and do not go on
     */
    HeldConnections(String bootstrap, int count, String how) throws IOException {
        String port = bootstrap.substring(bootstrap.lastIndexOf(':') + 1);
        for (int left = count; left > 0; left -= BY_PROCESS) {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx96m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ConnectionHolder.class.getName(),
                            // An address each, so that ports of this machine are not what runs out.
                            "127.0.0." + (2 + holders.size()),
                            port,
                            Integer.toString(Math.min(left, BY_PROCESS)),
                            how)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            holders.add(new Holder(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))));
        }
        expect("served \\d+");
        if (how.equals("stalling")) {
            expect("stalling");
        }
    }

    /** Lets every connection ask once more, and waits for the answers. */
    void ask() throws IOException {
        for (Holder holder : holders) {
            holder.process.getOutputStream().write('\n');
            holder.process.getOutputStream().flush();
        }
        expect("asked");
    }

    private void expect(String pattern) throws IOException {
        for (Holder holder : holders) {
            assertThat(holder.says.readLine()).isNotNull().matches(pattern);
        }
    }

    @Override
    public void close() throws IOException {
        for (Holder holder : holders) {
            holder.process.destroyForcibly();
            holder.process.onExit().join();
            holder.says.close();
        }
    }
}
