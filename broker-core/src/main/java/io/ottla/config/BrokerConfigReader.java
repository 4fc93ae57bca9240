package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a broker's configuration as it was given, and says everything that is wrong with it at once. */
final class BrokerConfigReader {
    private static final Set<String> NEWER = newer();

    private final List<String> warnings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private static Set<String> newer() {
        Set<String> names = new HashSet<>();
        for (String line : ConfigTable.lines("newer.names")) {
            if (!line.startsWith("#") && !line.isBlank()) {
                names.add(line.strip());
            }
        }
        return Set.copyOf(names);
    }

    BrokerConfig.Outcome read(Map<String, SourcedValue> given) {
        Map<String, SourcedValue> today = OldNames.replaced(given, warnings, problems);
        Map<String, Object> values = defaults();
        for (Map.Entry<String, SourcedValue> entry : new TreeMap<>(today).entrySet()) {
            readOne(entry.getKey(), entry.getValue(), values);
        }
        ConfigValues read = new ConfigValues(values);
        Listening listening = Listening.of(read, problems);
        BrokerConfigRules.check(read, problems);
        if (!problems.isEmpty()) {
            return new BrokerConfig.Outcome.Refused(new ConfigProblems(problems), List.copyOf(warnings));
        }
        return new BrokerConfig.Outcome.Accepted(
                new BrokerConfig(today, Map.of(), Map.of(), read, listening, listening), List.copyOf(warnings));
    }

    /** Every setting's default. */
    static Map<String, Object> defaults() {
        Map<String, Object> values = HashMap.newHashMap(512);
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            values.put(definition.name(), definition.defaultValue());
        }
        return values;
    }

    private void readOne(String name, SourcedValue given, Map<String, Object> values) {
        ConfigDefinition definition = ListenerNames.definition(name);
        if (definition == null) {
            warnUnknown(name, given);
            return;
        }
        switch (definition.read(given.value())) {
            case Reading.Value read -> {
                values.put(name, read.value());
                if (definition.effect() instanceof ConfigEffect.Without without) {
                    warnings.add(name + " (from " + given.origin() + ") has no effect here: " + without.why());
                }
            }
            case Reading.Refused refused -> {
                if (!isEcho(name, given)) {
                    problems.add(
                            refusal(definition, name, given.value(), refused.why()) + " (from " + given.origin() + ")");
                }
            }
        }
    }

    /** {@code node.id} and {@code broker.id} repeat each other; what is wrong is said of the one that was given. */
    private static boolean isEcho(String name, SourcedValue given) {
        return name.equals("node.id") && given.origin().startsWith("broker.id in ")
                || name.equals("broker.id") && given.origin().startsWith("node.id in ");
    }

    private void warnUnknown(String name, SourcedValue given) {
        if (ListenerNames.isOfPlugIn(name)) {
            return;
        }
        String from = name + " (from " + given.origin() + ") ";
        if (NEWER.contains(name)) {
            warnings.add(from + "came with Kafka 4 and has no effect here yet");
            return;
        }
        String nearest = ConfigCatalog.broker().nearest(name);
        warnings.add(from + "is not a known setting and has no effect"
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    /** What is wrong with a value, without showing a secret. */
    static String refusal(ConfigDefinition definition, String name, String value, String why) {
        String shown = definition.sensitive() ? BrokerConfig.HIDDEN : value;
        return name + " = " + shown + ": " + why;
    }
}
