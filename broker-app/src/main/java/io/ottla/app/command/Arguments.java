package io.ottla.app.command;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the arguments of the process ask for. */
sealed interface Arguments {
    String USAGE = """
            Usage: ottla server [FILE.properties] [--override NAME=VALUE]... [--print-config]
                   ottla --version

            server           Runs a broker in the foreground until it is stopped.
            FILE.properties  Configuration under Kafka's names, and Spring's where they begin with spring., server.,
                             management., logging. or console.
            --override       Sets one name, over the file and the environment. May be repeated.
            --print-config   Prints the configuration as it would be in force, secrets hidden, and starts nothing.
            -h, --help       Shows this.
            -V, --version    Shows which Ottla this is, on which Java.

            Exit codes: 0 where what was asked for is done; 1 where it can't start, the command is not understood, or its
            last log folder failed; 130 and 143 where SIGINT and SIGTERM stopped it, everything closed in order.
            """;

    /** To run a broker, or to show its configuration. The file is null where there is none. */
    record Server(Path file, List<String> overrides, boolean printConfig) implements Arguments {}

    /** To show {@link #USAGE}. */
    record Help() implements Arguments {}

    /** To show the version. */
    record ShowVersion() implements Arguments {}

    /** What can't be understood, and what was expected. */
    record Misunderstood(String why) implements Arguments {}

    static Arguments parse(String... given) {
        Deque<String> rest = new ArrayDeque<>(List.of(given));
        String command = rest.poll();
        return switch (command) {
            case null -> new Misunderstood("Expected a command, but there is none.");
            case "-h", "--help" -> new Help();
            case "-V", "--version" -> new ShowVersion();
            case "server" -> server(rest);
            default -> new Misunderstood("Expected the command server, but got '" + command + "'.");
        };
    }

    private static Arguments server(Deque<String> rest) {
        String file = null;
        List<String> overrides = new ArrayList<>();
        boolean printConfig = false;
        while (!rest.isEmpty()) {
            String argument = rest.poll();
            switch (argument) {
                case "-h", "--help" -> {
                    return new Help();
                }
                case "-V", "--version" -> {
                    return new ShowVersion();
                }
                case "--print-config" -> printConfig = true;
                case "--override" -> {
                    if (rest.isEmpty()) {
                        return new Misunderstood("Expected NAME=VALUE after --override, but there is nothing.");
                    }
                    overrides.add(rest.poll());
                }
                default -> {
                    if (argument.startsWith("--override=")) {
                        overrides.add(argument.substring("--override=".length()));
                    } else if (argument.startsWith("-")) {
                        return new Misunderstood("Expected --override or --print-config, but got '" + argument + "'.");
                    } else if (file != null) {
                        return new Misunderstood("Expected one file, but got '" + file + "' and '" + argument + "'.");
                    } else {
                        file = argument;
                    }
                }
            }
        }
        return new Server(file == null ? null : Path.of(file), List.copyOf(overrides), printConfig);
    }
}
