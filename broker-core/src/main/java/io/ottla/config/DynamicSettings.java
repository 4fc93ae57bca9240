package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts what was set while running over what was given at the start (KIP-226): for this broker over for all brokers over
 * given over default. What can't be is left out, alone, so that the rest holds.
 */
final class DynamicSettings {
    /** These hold together or not at all. */
    private static final Set<String> LISTENING =
            Set.of("listeners", "advertised.listeners", "listener.security.protocol.map");

    /** What a broker may be started with, but not be changed to while it runs, as in Kafka. */
    private static final Map<String, Integer> LEAST_WHILE_RUNNING = Map.of("log.cleaner.threads", 1);

    private final BrokerConfig base;
    private final TreeMap<String, String> wide = new TreeMap<>();
    private final TreeMap<String, String> own = new TreeMap<>();
    private final List<String> refusals = new ArrayList<>();

    private DynamicSettings(BrokerConfig base) {
        this.base = base;
    }

    static BrokerConfig.Changed apply(
            BrokerConfig base, Map<String, String> clusterWide, Map<String, String> ownBroker) {
        DynamicSettings settings = new DynamicSettings(base);
        settings.take(settings.opened(clusterWide), false, settings.refusals);
        settings.take(settings.opened(ownBroker), true, settings.refusals);
        settings.dropWhatBreaksRules();
        Listening listening = settings.listening();
        return new BrokerConfig.Changed(
                new BrokerConfig(
                        base.given(), settings.wide, settings.own, settings.values(), base.started(), listening),
                List.copyOf(settings.refusals));
    }

    /**
     * Why settings could not be made while running.
     *
     * @param settings all that would be set there; what is in force there now and not among them is taken away
     * @param asked names of those that are new: what is wrong with one that was there before is no reason
     * @param forOne whether they are for one broker, rather than for all
     * @return null where they can
     */
    static String refusal(BrokerConfig base, Map<String, String> settings, Set<String> asked, boolean forOne) {
        DynamicSettings wanted = new DynamicSettings(base);
        Map<String, String> kept = new HashMap<>(settings);
        kept.keySet().removeAll(asked);
        Map<String, String> old = new HashMap<>(forOne ? base.ownBroker() : base.clusterWide());
        old.keySet().removeAll(settings.keySet());
        old.putAll(kept);
        Map<String, String> fresh = new HashMap<>(settings);
        fresh.keySet().retainAll(asked);
        List<String> ofOthers = new ArrayList<>();
        wanted.take(forOne ? base.clusterWide() : base.ownBroker(), !forOne, ofOthers);
        wanted.take(old, forOne, ofOthers);
        List<String> broken = wanted.brokenRules();
        (forOne ? wanted.own : wanted.wide).clear();
        wanted.take(kept, forOne, ofOthers);
        wanted.take(fresh, forOne, wanted.refusals);
        if (wanted.refusals.isEmpty()) {
            wanted.brokenRules().stream().filter(rule -> !broken.contains(rule)).forEach(wanted.refusals::add);
        }
        if (wanted.refusals.isEmpty()) {
            wanted.listening();
        }
        return wanted.refusals.isEmpty() ? null : String.join("; ", wanted.refusals);
    }

    /** Why settings could not be made on another broker, as far as that can be known without it; null where they can. */
    static String refusalElsewhere(Map<String, String> settings, Set<String> asked) {
        List<String> refusals = new ArrayList<>();
        for (String name : new TreeSet<>(asked)) {
            String refusal = settings.containsKey(name) ? refusal(name, settings.get(name), true) : null;
            if (refusal != null) {
                refusals.add(refusal);
            }
        }
        return refusals.isEmpty() ? null : String.join("; ", refusals);
    }

    /** Settings as they are stored, with secrets in the clear; those that can't be opened are left out and named. */
    private Map<String, String> opened(Map<String, String> stored) {
        Map<String, String> opened = new HashMap<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(stored).entrySet()) {
            String name = setting.getKey();
            ConfigDefinition definition = ListenerNames.definition(name);
            if (definition == null || !definition.sensitive()) {
                opened.put(name, setting.getValue());
                continue;
            }
            switch (base.secrets().open(setting.getValue())) {
                case StoredSecrets.Opened.Secret(String text, boolean outdated) -> opened.put(name, text);
                case StoredSecrets.Opened.Sealed(String why) -> refusals.add(name + " can't be read: " + why);
            }
        }
        return opened;
    }

    private void take(Map<String, String> settings, boolean forOne, List<String> refused) {
        for (Map.Entry<String, String> setting : new TreeMap<>(settings).entrySet()) {
            String name = setting.getKey();
            String refusal = refusal(name, setting.getValue(), forOne);
            if (refusal == null) {
                (forOne ? own : wide).put(name, setting.getValue());
            } else {
                refused.add(refusal);
            }
        }
    }

    private static String refusal(String name, String value, boolean forOne) {
        ConfigDefinition definition = ListenerNames.definition(name);
        if (definition == null) {
            return name + " is not a known setting";
        }
        if (definition.scope() == DynamicScope.READ_ONLY) {
            return name + " can't be changed while the broker runs";
        }
        if (!forOne && definition.scope() == DynamicScope.PER_BROKER) {
            return name + " can be set for one broker only, not for all";
        }
        return switch (definition.read(value)) {
            case Reading.Refused refused -> BrokerConfigReader.refusal(definition, name, value, refused.why());
            case Reading.Value read -> refusal(definition, name, value, read.value());
        };
    }

    private static String refusal(ConfigDefinition definition, String name, String text, Object value) {
        if (definition.effect() instanceof ConfigEffect.Protecting later
                && !Objects.equals(value, definition.defaultValue())) {
            return name + " would protect nothing yet: it comes with " + later.topic();
        }
        Integer least = LEAST_WHILE_RUNNING.get(name);
        return least != null && (Integer) value < least
                ? BrokerConfigReader.refusal(
                        definition, name, text, "Expected " + least + " or more while the broker runs")
                : null;
    }

    /** What is in force by the layers as they are now. */
    private ConfigValues values() {
        Map<String, Object> values = BrokerConfigReader.defaults();
        base.given().forEach((name, value) -> put(values, name, value.value()));
        wide.forEach((name, value) -> put(values, name, value));
        own.forEach((name, value) -> put(values, name, value));
        return new ConfigValues(values);
    }

    private static void put(Map<String, Object> values, String name, String text) {
        ConfigDefinition definition = ListenerNames.definition(name);
        if (definition != null && definition.read(text) instanceof Reading.Value read) {
            values.put(name, read.value());
        }
    }

    private List<String> brokenRules() {
        FoundProblems problems = new FoundProblems(Map.of());
        BrokerConfigRules.checkDynamic(values(), problems);
        return problems.lines();
    }

    /** What was given at the start keeps the rules, so that this ends at the latest with nothing on top of it. */
    private void dropWhatBreaksRules() {
        List<String> problems = brokenRules();
        while (!problems.isEmpty()) {
            List<String> fewer = dropOne(problems.size());
            problems.removeAll(fewer);
            refusals.addAll(problems);
            problems = fewer;
        }
    }

    /** Leaves out the first setting without which fewer rules are broken; where there is none, all. */
    private List<String> dropOne(int problems) {
        Set<String> names = new TreeSet<>(wide.keySet());
        names.addAll(own.keySet());
        for (boolean both : new boolean[] {false, true}) {
            for (String name : names) {
                String ownValue = own.remove(name);
                String wideValue = both || ownValue == null ? wide.remove(name) : null;
                List<String> left = brokenRules();
                if (left.size() < problems) {
                    return left;
                }
                if (ownValue != null) {
                    own.put(name, ownValue);
                }
                if (wideValue != null) {
                    wide.put(name, wideValue);
                }
            }
        }
        wide.clear();
        own.clear();
        return new ArrayList<>();
    }

    /** Where the broker listens now. Brokers know each other by one listener, which can't become another. */
    private Listening listening() {
        if (own.keySet().stream().noneMatch(LISTENING::contains)) {
            return base.started();
        }
        FoundProblems problems = new FoundProblems(Map.of());
        Listening listening = Listening.of(values(), problems);
        if (problems.isEmpty() && !listening.interBroker().equals(base.started().interBroker())) {
            problems.add("listeners = " + own.get("listeners") + ": Expected "
                    + base.started().interBroker() + " to stay the listener among brokers while the broker runs");
        }
        if (problems.isEmpty()) {
            return listening;
        }
        refusals.addAll(problems.lines());
        own.keySet().removeAll(LISTENING);
        return base.started();
    }
}
