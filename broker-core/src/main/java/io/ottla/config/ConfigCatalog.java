package io.ottla.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;

/** All settings of one kind of thing, in the order of their table. */
public final class ConfigCatalog {
    private static final ConfigCatalog BROKER = new ConfigCatalog(ConfigTable.read("broker.configs", true));
    private static final ConfigCatalog TOPIC = new ConfigCatalog(ConfigTable.read("topic.configs", false));
    private static final ConfigCatalog GROUP = new ConfigCatalog(ConfigTable.read("group.configs", false));
    private static final ConfigCatalog CLIENT_METRICS =
            new ConfigCatalog(ConfigTable.read("client-metrics.configs", false));

    private final Map<String, ConfigDefinition> byName;

    private ConfigCatalog(List<ConfigDefinition> definitions) {
        Map<String, ConfigDefinition> map = LinkedHashMap.newLinkedHashMap(definitions.size());
        for (ConfigDefinition definition : definitions) {
            if (map.put(definition.name(), definition) != null) {
                throw new IllegalStateException(
                        "Expected one row for each setting, but " + definition.name() + " has two");
            }
        }
        byName = Collections.unmodifiableMap(map);
    }

    public static ConfigCatalog broker() {
        return BROKER;
    }

    public static ConfigCatalog topic() {
        return TOPIC;
    }

    /** Settings of groups (KIP-848, KIP-932). */
    public static ConfigCatalog group() {
        return GROUP;
    }

    /** Settings of subscriptions to clients' metrics (KIP-714). */
    public static ConfigCatalog clientMetrics() {
        return CLIENT_METRICS;
    }

    /** A setting of a topic, a broker or a group; null where there is no such setting. */
    public static ConfigDefinition find(ConfigResource.Type of, String name) {
        return switch (of) {
            case TOPIC -> TOPIC.get(name);
            case BROKER -> ListenerNames.definition(name);
            case GROUP -> GROUP.get(name);
            case CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> null;
        };
    }

    /** Null where there is no such setting. */
    public ConfigDefinition get(String name) {
        return byName.get(name);
    }

    public Collection<ConfigDefinition> all() {
        return byName.values();
    }

    /** The known name that is most like this one; null where none is like it at all. */
    public String nearest(String name) {
        return NearestName.to(name, new ArrayList<>(byName.keySet()));
    }
}
