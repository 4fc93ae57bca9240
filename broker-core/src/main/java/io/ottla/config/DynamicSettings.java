package io.ottla.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what was set while running over what was given at the start (KIP-226). */
final class DynamicSettings {
    private DynamicSettings() {}

    static BrokerConfig.Changed apply(
            BrokerConfig base, Map<String, String> clusterWide, Map<String, String> ownBroker) {
        List<String> refusals = new ArrayList<>();
        Map<String, Object> values = ofGiven(base);
        Map<String, String> takenWide = taken(clusterWide, false, values, refusals);
        Map<String, String> takenOwn = taken(ownBroker, true, values, refusals);
        ConfigValues read = new ConfigValues(values);
        List<String> problems = new ArrayList<>();
        BrokerConfigRules.check(read, problems);
        if (!problems.isEmpty()) {
            refusals.addAll(problems);
            refusals.add("None of the settings that were made while running is in force until this is put right");
            return new BrokerConfig.Changed(
                    new BrokerConfig(
                            base.given(), Map.of(), Map.of(), new ConfigValues(ofGiven(base)), base.listening()),
                    refusals);
        }
        return new BrokerConfig.Changed(
                new BrokerConfig(base.given(), takenWide, takenOwn, read, base.listening()), refusals);
    }

    /**
     * Why settings could not be made while running.
     *
     * @param forOne whether they are for one broker, rather than for all
     * @return null where they can
     */
    static String refusal(BrokerConfig base, Map<String, String> settings, boolean forOne) {
        List<String> refusals = new ArrayList<>();
        Map<String, Object> values = ofGiven(base);
        taken(forOne ? base.clusterWide() : settings, false, values, forOne ? new ArrayList<>() : refusals);
        taken(forOne ? settings : base.ownBroker(), true, values, forOne ? refusals : new ArrayList<>());
        if (refusals.isEmpty()) {
            BrokerConfigRules.check(new ConfigValues(values), refusals);
        }
        return refusals.isEmpty() ? null : String.join("; ", refusals);
    }

    private static Map<String, Object> ofGiven(BrokerConfig base) {
        Map<String, Object> values = BrokerConfigReader.defaults();
        base.given().forEach((name, value) -> {
            ConfigDefinition definition = ListenerNames.definition(name);
            if (definition != null && definition.read(value.value()) instanceof Reading.Value read) {
                values.put(name, read.value());
            }
        });
        return values;
    }

    private static Map<String, String> taken(
            Map<String, String> settings, boolean forOne, Map<String, Object> values, List<String> refusals) {
        Map<String, String> taken = new HashMap<>();
        for (Map.Entry<String, String> setting : new TreeMap<>(settings).entrySet()) {
            String name = setting.getKey();
            ConfigDefinition definition = ListenerNames.definition(name);
            if (definition == null) {
                refusals.add(name + " is not a known setting");
            } else if (definition.scope() == DynamicScope.READ_ONLY) {
                refusals.add(name + " can't be changed while the broker runs");
            } else if (!forOne && definition.scope() == DynamicScope.PER_BROKER) {
                refusals.add(name + " can be set for one broker only, not for all");
            } else {
                switch (definition.read(setting.getValue())) {
                    case Reading.Value read -> {
                        values.put(name, read.value());
                        taken.put(name, setting.getValue());
                    }
                    case Reading.Refused refused ->
                        refusals.add(BrokerConfigReader.refusal(definition, name, setting.getValue(), refused.why()));
                }
            }
        }
        return taken;
    }
}
