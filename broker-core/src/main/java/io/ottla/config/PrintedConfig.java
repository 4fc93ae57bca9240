package io.ottla.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration as lines of a properties file, secrets hidden: each setting with its value, above it where the value
 * comes from, unless that is the default.
 *
 * @param unreadable names whose value can't be read: they are shown as they were given
 */
record PrintedConfig(
        Map<String, SourcedValue> given,
        Map<String, String> clusterWide,
        Map<String, String> ownBroker,
        ConfigValues values,
        Set<String> unreadable) {

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        TreeMap<String, Object> all = new TreeMap<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            all.put(definition.name(), definition);
        }
        given.forEach((name, value) -> all.put(name, value));
        for (String name : all.keySet()) {
            String origin = origin(name);
            if (origin != null) {
                lines.add("# from " + origin);
            }
            String value = shown(name);
            lines.add(value == null ? "#" + name + "=" : name + "=" + value);
        }
        return lines;
    }

    private String origin(String name) {
        if (ownBroker.containsKey(name)) {
            return "the cluster's settings of this broker";
        }
        if (clusterWide.containsKey(name)) {
            return "the cluster's settings of all brokers";
        }
        SourcedValue value = given.get(name);
        return value == null ? null : value.origin();
    }

    private String shown(String name) {
        ConfigDefinition definition = ListenerNames.definition(name);
        if (definition == null) {
            return BrokerConfig.HIDDEN;
        }
        if (unreadable.contains(name)) {
            return definition.sensitive()
                    ? BrokerConfig.HIDDEN
                    : given.get(name).value();
        }
        Object value = values.get(name);
        return value != null && definition.sensitive() ? BrokerConfig.HIDDEN : ConfigValues.write(value);
    }
}
