package io.ottla.app.command;

import io.ottla.app.process.BrokerProcess;
import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigProblems;
import io.ottla.config.SourcedValue;
import io.ottla.metrics.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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
        Settings.Outcome outcome;
        try {
            Map<String, SourcedValue> file = asked.file() == null ? Map.of() : PropertiesFile.read(asked.file());
            outcome = Settings.read(file, asked.overrides(), System.getenv());
        } catch (IOException unreadable) {
            return refuse(new ConfigProblems(List.of(unreadable.getMessage())));
        }
        if (asked.printConfig()) {
            outcome.printable().forEach(System.out::println);
            new SpringValues(application, outcome.spring()).printable().forEach(System.out::println);
            System.out.flush(); // Where both go to one place, what is wrong stands below.
        }
        return switch (outcome) {
            case Settings.Outcome.Refused refused -> {
                warn(refused.warnings());
                yield refuse(refused.problems());
            }
            case Settings.Outcome.Accepted(Settings settings)
            when asked.printConfig() -> {
                warn(settings.warnings());
                yield OttlaCommand.DONE;
            }
            case Settings.Outcome.Accepted(Settings settings) -> start(settings);
        };
    }

    private static int refuse(ConfigProblems problems) {
        System.err.println(problems.text());
        return OttlaCommand.REFUSED;
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
}
