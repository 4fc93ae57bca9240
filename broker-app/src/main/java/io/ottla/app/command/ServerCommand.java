package io.ottla.app.command;

import io.ottla.app.process.BrokerProcess;
import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigProblems;
import io.ottla.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ottla server}: runs a broker in the foreground. Nothing is touched before the whole configuration is right. */
final class ServerCommand {
    private static final Logger log = LoggerFactory.getLogger("ottla");

    /** Exit code of a broker that lost its last log folder. */
    private static final int LOST = 1;

    private final Class<?> application;
    private final BrokerFactory brokers;
    private final Arguments.Server asked;

    ServerCommand(Class<?> application, BrokerFactory brokers, Arguments.Server asked) {
        this.application = application;
        this.brokers = brokers;
        this.asked = asked;
    }

    /** Returns the exit code, or {@link OttlaCommand#RUNNING}. */
    int run() {
        Map<String, String> read;
        try {
            read = properties(asked.file());
        } catch (IOException | IllegalArgumentException unreadable) {
            System.err.println("Expected a properties file at " + asked.file() + ", but it can't be read: "
                    + unreadable.getMessage());
            return OttlaCommand.MISUNDERSTOOD;
        }
        String fileName = asked.file() == null ? "no file" : asked.file().toString();
        return switch (Settings.read(read, fileName, asked.overrides(), System.getenv())) {
            case Settings.Outcome.Refused(ConfigProblems problems, List<String> warnings) -> {
                warn(warnings);
                System.err.println(problems.text());
                yield OttlaCommand.REFUSED;
            }
            case Settings.Outcome.Accepted(Settings settings)
            when asked.printConfig() -> {
                warn(settings.warnings());
                settings.printable().forEach(System.out::println);
                yield OttlaCommand.DONE;
            }
            case Settings.Outcome.Accepted(Settings settings) -> start(settings);
        };
    }

    private static void warn(List<String> warnings) {
        warnings.forEach(warning -> System.err.println("Warning: " + warning));
    }

    private int start(Settings settings) {
        Metrics metrics = new Metrics();
        BrokerConfig config = settings.broker();
        BrokerProcess process = new BrokerProcess(() -> brokers.make(config, metrics), ServerCommand::end);
        return new SpringProcess(application, settings, metrics, process).run()
                ? OttlaCommand.RUNNING
                : OttlaCommand.REFUSED;
    }

    /** At once, as Kafka does: whatever an orderly stop would still write goes to disks that fail. */
    private static void end(String why) {
        log.error("Ottla ends: {}", why);
        Runtime.getRuntime().halt(LOST);
    }

    private static Map<String, String> properties(Path file) throws IOException {
        if (file == null) {
            return Map.of();
        }
        // Latin 1 with \\u escapes, as Kafka reads it
        Properties read = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            read.load(in);
        }
        Map<String, String> settings = new TreeMap<>();
        read.forEach((name, value) -> settings.put((String) name, (String) value));
        return settings;
    }
}
