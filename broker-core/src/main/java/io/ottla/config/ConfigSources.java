package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers the configuration from all places it may stand in: {@code --override} goes before the environment, the
 * environment before the file. Of each value it is remembered where it came from. Names that begin with
 * {@code spring.}, {@code server.}, {@code management.}, {@code logging.} or {@code console.} are Spring's and are kept
 * apart; {@code server.max.startup.time.ms} is Kafka's all the same.
 */
public final class ConfigSources {
    private static final List<String> SPRING = List.of("spring.", "server.", "management.", "logging.", "console.");

    /**
     * What was found.
     *
     * @param broker settings of the broker, by name
     * @param spring settings of the process around it, by name
     * @param warnings sentences for the log
     * @param problems what stops the start
     */
    public record Gathered(
            Map<String, SourcedValue> broker,
            Map<String, SourcedValue> spring,
            List<String> warnings,
            List<String> problems) {}

    private final Map<String, SourcedValue> found = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigSources() {}

    /**
     * Gathers.
     *
     * @param file what a properties file says, with the place of each in it; empty where there is none
     * @param overrides the arguments of {@code --override}, each {@code name=value}; the last of a name counts
     * @param environment the process's environment
     */
    public static Gathered gather(
            Map<String, SourcedValue> file, List<String> overrides, Map<String, String> environment) {
        ConfigSources sources = new ConfigSources();
        file.forEach((name, value) -> sources.put(name, value.value(), value.origin()));
        EnvironmentNames.Mapped mapped = EnvironmentNames.map(environment);
        mapped.values().forEach((name, value) -> sources.put(name, value.value(), value.origin()));
        sources.warnings.addAll(mapped.warnings());
        sources.problems.addAll(mapped.problems());
        for (String override : overrides) {
            sources.override(override);
        }
        return sources.gathered();
    }

    private void override(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            problems.add("--override " + (equals < 0 ? text : "") + ": Expected name=value, but there is no "
                    + (equals < 0 ? "'='" : "name before '='"));
            return;
        }
        put(text.substring(0, equals).strip(), text.substring(equals + 1), "--override");
    }

    private void put(String name, String value, String origin) {
        found.put(name, new SourcedValue(value.strip(), origin));
    }

    private Gathered gathered() {
        Map<String, SourcedValue> broker = new TreeMap<>();
        Map<String, SourcedValue> spring = new TreeMap<>();
        found.forEach((name, value) -> (isSpring(name) ? spring : broker).put(name, value));
        return new Gathered(broker, spring, List.copyOf(warnings), List.copyOf(problems));
    }

    /** Whether a name is one of the process around the broker. */
    public static boolean isSpring(String name) {
        if (ConfigCatalog.broker().get(name) != null) {
            return false;
        }
        for (String prefix : SPRING) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
