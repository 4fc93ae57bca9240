package io.ottla.app.command;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigProblems;
import io.ottla.config.ConfigSources;
import io.ottla.config.SourcedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the process is told, parted into what is the broker's and what is Spring's.
 *
 * @param spring names that go to Spring as they stand
 * @param warnings sentences for the log
 */
record Settings(BrokerConfig broker, Map<String, SourcedValue> spring, List<String> warnings) {
    /** The process's own names beside Kafka's. */
    private static final String OWN = "ottla.";

    /** How reading ended. */
    sealed interface Outcome {
        /** Lines of a properties file with what holds for the broker, secrets hidden. */
        List<String> printable();

        /** Names that go to Spring. */
        Map<String, SourcedValue> spring();

        /** Sentences for the log. */
        List<String> warnings();

        /** They can be used. */
        record Accepted(Settings settings) implements Outcome {
            @Override
            public List<String> printable() {
                return settings.broker().printable();
            }

            @Override
            public Map<String, SourcedValue> spring() {
                return settings.spring();
            }

            @Override
            public List<String> warnings() {
                return settings.warnings();
            }
        }

        /** All that is wrong, at once. */
        record Refused(
                ConfigProblems problems,
                List<String> printable,
                Map<String, SourcedValue> spring,
                List<String> warnings)
                implements Outcome {}
    }

    /**
     * Reads everything without touching anything.
     *
     * @param file what the properties file says
     * @param overrides {@code name=value} each
     */
    static Outcome read(Map<String, SourcedValue> file, List<String> overrides, Map<String, String> environment) {
        ConfigSources.Gathered gathered = ConfigSources.gather(file, overrides, environment);
        Map<String, SourcedValue> kafka = new HashMap<>(gathered.broker());
        Map<String, SourcedValue> spring = new TreeMap<>(gathered.spring());
        kafka.entrySet().removeIf(entry -> {
            if (entry.getKey().startsWith(OWN)) {
                spring.put(entry.getKey(), entry.getValue());
                return true;
            }
            return false;
        });
        List<String> warnings = new ArrayList<>(gathered.warnings());
        List<String> problems = new ArrayList<>(gathered.problems());
        SpringNames.check(spring, environment, problems);
        BrokerConfig.Outcome broker = BrokerConfig.read(kafka);
        warnings.addAll(broker.warnings());
        return switch (broker) {
            case BrokerConfig.Outcome.Refused(ConfigProblems more, var _, List<String> printable) -> {
                problems.addAll(more.lines());
                yield new Outcome.Refused(new ConfigProblems(problems), printable, spring, warnings);
            }
            case BrokerConfig.Outcome.Accepted(BrokerConfig config, var _) ->
                problems.isEmpty()
                        ? new Outcome.Accepted(new Settings(config, spring, warnings))
                        : new Outcome.Refused(new ConfigProblems(problems), config.printable(), spring, warnings);
        };
    }
}
