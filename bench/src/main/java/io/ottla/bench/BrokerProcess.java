package io.ottla.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One broker of a cluster under measurement, running or not: known by its command line and its port alone. */
final class BrokerProcess {
    final int id;
    final int port;
    private final String command;
    private final Path log;
    private Process process;

    private BrokerProcess(int id, int port, String command, Path log) {
        this.id = id;
        this.port = port;
        this.command = command;
        this.log = log;
    }

    /**
     * @param file a line {@code ID PORT COMMAND} for each broker; bash runs the command, which has to replace itself by the
     *     broker's process, and expands no stars: a class path's is for java
     * @param logs a folder that gets what each of them prints
     * @return by id
     */
    static Map<Integer, BrokerProcess> read(Path file, Path logs) throws IOException {
        Map<Integer, BrokerProcess> all = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split(" ", 3);
            int id = Integer.parseInt(parts[0]);
            all.put(
                    id,
                    new BrokerProcess(id, Integer.parseInt(parts[1]), parts[2], logs.resolve("broker-" + id + ".log")));
        }
        return all;
    }

    /** The addresses of all but some. */
    static String bootstrap(Map<Integer, BrokerProcess> all, Set<Integer> without) {
        StringBuilder hosts = new StringBuilder();
        for (BrokerProcess each : all.values()) {
            if (!without.contains(each.id)) {
                hosts.append(hosts.isEmpty() ? "" : ",").append("127.0.0.1:").append(each.port);
            }
        }
        return hosts.toString();
    }

    void launch() throws IOException {
        process = new ProcessBuilder("bash", "-c", "set -f; exec " + command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Kill -9, without waiting. */
    void kill() {
        process.destroyForcibly();
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /** User and system time of this process so far. */
    long cpuMs() throws IOException {
        return Processor.cpuMs(process.pid());
    }
}
