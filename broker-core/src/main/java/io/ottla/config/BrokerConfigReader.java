package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a broker's configuration as it was given, and says everything that is wrong with it at once. */
final class BrokerConfigReader {
    private static final Set<String> NEWER = newer();

    /** Unknown names that belong to encryption and logins all the same: newer ones, and those of a plug-in. */
    private static final Pattern PROTECTING =
            Pattern.compile("(listener\\.name\\.[^.]+\\.([^.]+\\.)?)?(ssl|sasl)\\..+");

    /** Why an older version of Kafka, named by these, changes nothing. */
    private static final Map<String, String> VERSIONS = Map.of(
            "log.message.format.version",
            "records are always kept in format v2",
            "inter.broker.protocol.version",
            "what brokers speak among themselves is settled by features and by each connection");

    private final List<String> warnings = new ArrayList<>();
    /** Settings that were given and are meant to protect, with where each comes from. */
    private final List<String> unprotected = new ArrayList<>();
    /** Settings whose value is none. */
    private final Set<String> unreadable = new HashSet<>();

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
        List<String> ofOldNames = new ArrayList<>();
        Map<String, SourcedValue> today = OldNames.replaced(given, warnings, ofOldNames);
        FoundProblems problems = new FoundProblems(today);
        ofOldNames.forEach(problems::add);
        Map<String, Object> values = defaults();
        for (Map.Entry<String, SourcedValue> entry : new TreeMap<>(today).entrySet()) {
            readOne(entry.getKey(), entry.getValue(), values, problems);
        }
        refuseUnprotected(problems);
        ConfigValues read = new ConfigValues(values);
        Listening listening = Listening.of(read, problems);
        nameAbsentListeners(today, listening);
        BrokerConfigRules.check(read, problems);
        if (!problems.isEmpty()) {
            return new BrokerConfig.Outcome.Refused(
                    new ConfigProblems(problems.lines()),
                    List.copyOf(warnings),
                    new PrintedConfig(today, Map.of(), Map.of(), read, unreadable).lines());
        }
        return new BrokerConfig.Outcome.Accepted(
                new BrokerConfig(today, Map.of(), Map.of(), read, listening, listening), List.copyOf(warnings));
    }

    /** Whoever relies on these must not find out by accident that nobody heeds them. */
    private void refuseUnprotected(FoundProblems problems) {
        if (!unprotected.isEmpty()) {
            problems.add(
                    "Expected no settings of logins, encryption and access, which this version does not have yet, so"
                            + " that whoever reaches a listener may do everything; remove them, and listen only where everybody"
                            + " may: " + String.join(", ", unprotected));
        }
    }

    /** Every setting's default. */
    static Map<String, Object> defaults() {
        Map<String, Object> values = HashMap.newHashMap(512);
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            values.put(definition.name(), definition.defaultValue());
        }
        return values;
    }

    private void readOne(String name, SourcedValue given, Map<String, Object> values, FoundProblems problems) {
        ConfigDefinition definition = ListenerNames.definition(name);
        if (definition == null) {
            nameUnknown(name, given);
            return;
        }
        switch (definition.read(given.value())) {
            case Reading.Value read -> {
                values.put(name, read.value());
                nameIdle(definition, name, given, read.value());
            }
            case Reading.Refused refused -> {
                unreadable.add(name);
                if (!isEcho(name, given)) {
                    problems.add(refusal(definition, name, given.value(), refused.why()), name);
                }
            }
        }
    }

    /** A listener may come later, while the broker runs: until then its settings do nothing. */
    private void nameAbsentListeners(Map<String, SourcedValue> given, Listening listening) {
        Set<String> present = new TreeSet<>();
        listening.listeners().forEach(listener -> present.add(listener.name()));
        if (present.isEmpty()) {
            return; // They can't be read, which is said.
        }
        new TreeMap<>(given).forEach((name, value) -> {
            if (ListenerNames.general(name) != null
                    && !present.contains(ListenerNames.listener(name).toUpperCase(Locale.ROOT))) {
                warnings.add(name + " (from " + value.origin() + ") has no effect: listeners has only "
                        + String.join(", ", present));
            }
        });
    }

    /** Says of a setting that was given where it does less than it seems to. */
    private void nameIdle(ConfigDefinition definition, String name, SourcedValue given, Object value) {
        String from = name + " (from " + given.origin() + ") ";
        if (ListenerNames.isIdle(name)) {
            warnings.add(from + "has no effect here: all listeners share " + definition.name());
            return;
        }
        switch (definition.effect()) {
            case ConfigEffect.Without without -> warnings.add(from + "has no effect here: " + without.why());
            case ConfigEffect.Later later -> warnings.add(from + "has no effect yet: it comes with " + later.topic());
            case ConfigEffect.Protecting later -> {
                if (Objects.equals(value, definition.defaultValue())) {
                    warnings.add(from + "has no effect yet: it comes with " + later.topic());
                } else {
                    unprotected.add(name + " (from " + given.origin() + ")");
                }
            }
            case ConfigEffect.Effective _ -> {
                String why = VERSIONS.get(name);
                if (why != null && isOlder((String) value, definition.defaultText())) {
                    warnings.add(name + " = " + value + " (from " + given.origin() + ") changes nothing: " + why);
                }
            }
        }
    }

    /** Whether one version of Kafka came before another; both as {@code major.minor}, and anything. */
    private static boolean isOlder(String version, String other) {
        String[] one = version.split("[.-]");
        String[] two = other.split("[.-]");
        int major = Integer.compare(Integer.parseInt(one[0]), Integer.parseInt(two[0]));
        return major < 0 || major == 0 && Integer.parseInt(one[1]) < Integer.parseInt(two[1]);
    }

    /** {@code node.id} and {@code broker.id} repeat each other; what is wrong is said of the one that was given. */
    private static boolean isEcho(String name, SourcedValue given) {
        return name.equals("node.id") && given.origin().startsWith("broker.id in ")
                || name.equals("broker.id") && given.origin().startsWith("node.id in ");
    }

    private void nameUnknown(String name, SourcedValue given) {
        if (ListenerNames.isOfPlugIn(name)) {
            return;
        }
        if (PROTECTING.matcher(name).matches()) {
            unprotected.add(name + " (from " + given.origin() + ")");
            return;
        }
        String from = name + " (from " + given.origin() + ") ";
        ConfigDefinition ofTopics = ConfigCatalog.topic().get(name);
        if (ofTopics != null) {
            warnings.add(from + "is a setting of topics and has no effect here"
                    + (ofTopics.brokerName() == null ? "" : "; the broker's is " + ofTopics.brokerName()));
            return;
        }
        if (NEWER.contains(name)) {
            warnings.add(from + "came with Kafka 4 and has no effect here yet");
            return;
        }
        String common = ListenerNames.common(name);
        String nearest = ListenerNames.isOne(name)
                ? ListenerNames.nearest(name)
                : ConfigCatalog.broker().nearest(name);
        warnings.add(from
                + (common == null
                        ? "is not a known setting and has no effect"
                        : "has no effect: " + common + " holds for all listeners alike")
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    /** What is wrong with a value, without showing a secret. */
    static String refusal(ConfigDefinition definition, String name, String value, String why) {
        String shown = definition.sensitive() ? BrokerConfig.HIDDEN : value;
        return name + " = " + shown + ": " + why;
    }
}
