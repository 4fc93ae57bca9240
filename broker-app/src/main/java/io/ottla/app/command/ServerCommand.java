package io.ottla.app.command;

import io.ottla.app.process.BrokerProcess;
import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigProblems;
import io.ottla.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ottla server}: runs a broker in the foreground. Nothing is touched before the whole configuration is right. */
@Command(
        name = "server",
        description = "Runs a broker in the foreground until it is stopped.",
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    private static final int PRINTED = 0;
    private static final int REFUSED = 1;

    private final Class<?> application;
    private final BrokerFactory brokers;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE.properties",
            description = "Configuration under Kafka's names, and Spring's where they begin with spring., server., "
                    + "management., logging. or console.")
    private Path file;

    @Option(
            names = "--override",
            paramLabel = "NAME=VALUE",
            description = "Sets one name, over the file and the environment. May be repeated.")
    private List<String> overrides = List.of();

    @Option(
            names = "--print-config",
            description = "Prints the configuration as it would be in force, secrets hidden, and starts nothing.")
    private boolean printConfig;

    ServerCommand(Class<?> application, BrokerFactory brokers) {
        this.application = application;
        this.brokers = brokers;
    }

    @Override
    public Integer call() {
        Settings.Outcome outcome = Settings.read(fileSettings(), fileName(), overrides, System.getenv());
        return switch (outcome) {
            case Settings.Outcome.Refused(ConfigProblems problems, List<String> warnings) -> {
                PrintWriter err = spec.commandLine().getErr();
                warnings.forEach(warning -> err.println("Warning: " + warning));
                err.println(problems.text());
                yield REFUSED;
            }
            case Settings.Outcome.Accepted(Settings settings) when printConfig -> print(settings);
            case Settings.Outcome.Accepted(Settings settings) -> start(settings);
        };
    }

    private int print(Settings settings) {
        settings.warnings().forEach(warning -> spec.commandLine().getErr().println("Warning: " + warning));
        PrintWriter out = spec.commandLine().getOut();
        settings.printable().forEach(out::println);
        out.flush();
        return PRINTED;
    }

    private int start(Settings settings) {
        Metrics metrics = new Metrics();
        BrokerConfig config = settings.broker();
        BrokerProcess process = new BrokerProcess(() -> brokers.make(config, metrics));
        return new SpringProcess(application, settings, metrics, process).run() ? OttlaCommand.RUNNING : REFUSED;
    }

    private Map<String, String> fileSettings() {
        if (file == null) {
            return Map.of();
        }
        // Latin 1 with \\u escapes, as Kafka reads it
        Properties read = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            read.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Expected a properties file at " + file + ", but it can't be read: " + unreadable.getMessage());
        }
        Map<String, String> settings = new TreeMap<>();
        read.forEach((name, value) -> settings.put((String) name, (String) value));
        return settings;
    }

    private String fileName() {
        return file == null ? "no file" : file.toString();
    }
}
