package io.ottla.app.command;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What the arguments of the process ask for. Picocli is told of the commands by a model, not by annotations that it would
 * find by reflection: this is on the way of every start.
 */
sealed interface Arguments {
    /** To run a broker, or to show its configuration. The file is null where there is none. */
    record Server(Path file, List<String> overrides, boolean printConfig) implements Arguments {}

    /** To run a server of ZooKeeper. */
    record ZooKeeper(Path file) implements Arguments {}

    /** To show how it is used. */
    record Help(String usage) implements Arguments {}

    /** To show the version. */
    record ShowVersion() implements Arguments {}

    /** What can't be understood, and what was expected. */
    record Misunderstood(String why, String usage) implements Arguments {}

    String ZOOKEEPER = "zookeeper";

    static Arguments parse(String... given) {
        CommandLine line = new CommandLine(withHelp(CommandSpec.create().name("ottla"))
                .addSubcommand("server", withHelp(server()))
                .addSubcommand(ZOOKEEPER, withHelp(zooKeeper()))
                .usageMessage(new UsageMessageSpec()
                        .description("A message broker that speaks Kafka's protocol.")
                        .footer(
                                "",
                                "Exit codes: 0 where what was asked for is done; 1 where it can't start, the command is",
                                "not understood, or its last log folder failed; 130 and 143 where SIGINT and SIGTERM",
                                "stopped it, everything closed in order.")));
        try {
            return asked(line.parseArgs(given));
        } catch (ParameterException misunderstood) {
            return new Misunderstood(
                    misunderstood.getMessage(), misunderstood.getCommandLine().getUsageMessage());
        }
    }

    private static CommandSpec withHelp(CommandSpec command) {
        return command.addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Shows which Ottla this is, on which Java.")
                        .build());
    }

    private static CommandSpec server() {
        return CommandSpec.create()
                .usageMessage(
                        new UsageMessageSpec().description("Runs a broker in the foreground until it is stopped."))
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(Path.class)
                        .paramLabel("FILE.properties")
                        .description("Configuration under Kafka's names, and Spring's where they begin with spring., "
                                + "server., management., logging. or console.")
                        .build())
                .addOption(OptionSpec.builder("--override")
                        .arity("1")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel("NAME=VALUE")
                        .description("Sets one name, over the file and the environment. May be repeated.")
                        .build())
                .addOption(OptionSpec.builder("--print-config")
                        .description(
                                "Prints the configuration as it would be in force, secrets hidden, below it what is "
                                        + "wrong with it, and starts nothing.")
                        .build());
    }

    private static CommandSpec zooKeeper() {
        return CommandSpec.create()
                .usageMessage(new UsageMessageSpec()
                        .description("Runs a server of ZooKeeper in the foreground until it is stopped: one of an "
                                + "ensemble that several brokers use, or a single one."))
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("1")
                        .required(true)
                        .type(Path.class)
                        .paramLabel("FILE.properties")
                        .description("ZooKeeper's own settings, as in zoo.cfg; myid=N in it numbers the server.")
                        .build());
    }

    private static Arguments asked(ParseResult result) {
        ParseResult command = result.hasSubcommand() ? result.subcommand() : result;
        CommandLine line = command.commandSpec().commandLine();
        if (command.isUsageHelpRequested()) {
            return new Help(line.getUsageMessage());
        }
        if (command.isVersionHelpRequested()) {
            return new ShowVersion();
        }
        if (!result.hasSubcommand()) {
            return new Misunderstood("Expected a command, but there is none.", line.getUsageMessage());
        }
        if (command.commandSpec().name().equals(ZOOKEEPER)) {
            return new ZooKeeper(command.matchedPositionalValue(0, (Path) null));
        }
        return new Server(
                command.matchedPositionalValue(0, (Path) null),
                command.matchedOptionValue("--override", List.of()),
                command.hasMatchedOption("--print-config"));
    }
}
