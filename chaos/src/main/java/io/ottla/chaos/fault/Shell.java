package io.ottla.chaos.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands of the system. */
final class Shell {
    private Shell() {}

    /** @throws IOException where it ends with an error, or is not there; the message has what it printed */
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + ": " + printed.strip());
        }
    }

    static boolean works(String... command) throws InterruptedException {
        try {
            run(command);
            return true;
        } catch (IOException absent) {
            return false;
        }
    }
}
