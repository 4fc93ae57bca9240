package io.ottla.config;

import io.ottla.config.ConfigEntry.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in force on a broker, a topic, a group or a subscription to metrics, and why: the picture that DescribeConfigs
 * shows. Secrets never leave it. Pure.
 */
public final class EffectiveConfig {
    private final BrokerConfig broker;

    public EffectiveConfig(BrokerConfig broker) {
        this.broker = broker;
    }

    /** Every setting of the broker, and what else was given. */
    public List<ConfigEntry> ofBroker() {
        List<ConfigEntry> entries = new ArrayList<>();
        Map<String, ConfigDefinition> names = new TreeMap<>();
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            if (!definition.internal()) {
                names.put(definition.name(), definition);
            }
        }
        for (Map<String, ?> layer : List.of(broker.given(), broker.clusterWide(), broker.ownBroker())) {
            for (String name : layer.keySet()) {
                names.putIfAbsent(name, ListenerNames.definition(name));
            }
        }
        names.forEach((name, definition) -> entries.add(ofBroker(name, definition)));
        return entries;
    }

    private ConfigEntry ofBroker(String name, ConfigDefinition definition) {
        boolean sensitive = definition == null || definition.sensitive();
        List<Synonym> synonyms = brokerSynonyms(Synonyms.ofBroker(name), sensitive);
        return new ConfigEntry(
                name,
                sensitive ? null : ConfigValues.write(broker.values().get(name)),
                source(synonyms),
                definition == null || definition.scope() == DynamicScope.READ_ONLY,
                sensitive,
                definition == null ? null : definition.type(),
                synonyms,
                definition == null ? null : definition.documentation());
    }

    /** What is set for all brokers while they run, and nothing else. */
    public List<ConfigEntry> ofAllBrokers() {
        List<ConfigEntry> entries = new ArrayList<>();
        new TreeMap<>(broker.clusterWide()).forEach((name, text) -> {
            ConfigDefinition definition = ListenerNames.definition(name);
            String value = definition.sensitive() ? null : text;
            entries.add(new ConfigEntry(
                    name,
                    value,
                    ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG,
                    false,
                    definition.sensitive(),
                    definition.type(),
                    List.of(new Synonym(name, value, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)),
                    definition.documentation()));
        });
        return entries;
    }

    /** @param overrides what is set on the topic */
    public List<ConfigEntry> ofTopic(Map<String, String> overrides) {
        TopicConfigs topics = broker.topics();
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.topic().all()) {
            String value = topics.text(definition, overrides);
            List<Synonym> synonyms = new ArrayList<>();
            if (isInForce(definition, overrides)) {
                synonyms.add(new Synonym(definition.name(), value, ConfigSource.DYNAMIC_TOPIC_CONFIG));
            }
            if (definition.brokerName() != null) {
                synonyms.addAll(brokerSynonyms(Synonyms.ofBroker(definition.brokerName()), false));
            }
            entries.add(entry(definition, value, synonyms));
        }
        return entries;
    }

    /** @param overrides what is set on the group */
    public List<ConfigEntry> ofGroup(Map<String, String> overrides) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.group().all()) {
            String brokerName = definition.brokerName() == null ? definition.name() : definition.brokerName();
            List<Synonym> synonyms = new ArrayList<>();
            if (isInForce(definition, overrides)) {
                synonyms.add(new Synonym(
                        definition.name(), overrides.get(definition.name()), ConfigSource.DYNAMIC_GROUP_CONFIG));
            }
            boolean ofBroker = ConfigCatalog.broker().get(brokerName) != null;
            synonyms.addAll(
                    ofBroker
                            ? brokerSynonyms(List.of(brokerName), false)
                            : List.of(new Synonym(brokerName, definition.defaultText(), ConfigSource.DEFAULT_CONFIG)));
            entries.add(entry(definition, synonyms.getFirst().value(), synonyms));
        }
        return entries;
    }

    /** What is set but can't be read counts as not set. */
    private static boolean isInForce(ConfigDefinition definition, Map<String, String> overrides) {
        String text = overrides.get(definition.name());
        return text != null && definition.read(text) instanceof Reading.Value;
    }

    /** @param overrides what is set on the subscription */
    public List<ConfigEntry> ofClientMetrics(Map<String, String> overrides) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigDefinition definition : ConfigCatalog.clientMetrics().all()) {
            String own = overrides.get(definition.name());
            List<Synonym> synonyms = own == null
                    ? List.of()
                    : List.of(new Synonym(definition.name(), own, ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG));
            entries.add(entry(definition, own == null ? definition.defaultText() : own, synonyms));
        }
        return entries;
    }

    private static ConfigEntry entry(ConfigDefinition definition, String value, List<Synonym> synonyms) {
        return new ConfigEntry(
                definition.name(),
                value,
                source(synonyms),
                false,
                false,
                definition.type(),
                List.copyOf(synonyms),
                definition.documentation());
    }

    private static ConfigSource source(List<Synonym> synonyms) {
        return synonyms.isEmpty()
                ? ConfigSource.DEFAULT_CONFIG
                : synonyms.getFirst().source();
    }

    /**
     * All places that name a value for one of the names, in the order in which they count. Where none does but for the
     * default of another unit, the list is empty, as Kafka's is.
     */
    private List<Synonym> brokerSynonyms(List<String> names, boolean sensitive) {
        List<Synonym> synonyms = new ArrayList<>();
        for (String name : names) {
            add(synonyms, name, broker.ownBroker().get(name), sensitive, ConfigSource.DYNAMIC_BROKER_CONFIG);
        }
        for (String name : names) {
            add(synonyms, name, broker.clusterWide().get(name), sensitive, ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        }
        for (String name : names) {
            SourcedValue given = broker.given().get(name);
            add(synonyms, name, given == null ? null : given.value(), sensitive, ConfigSource.STATIC_BROKER_CONFIG);
        }
        for (String name : names) {
            ConfigDefinition definition = ConfigCatalog.broker().get(name);
            String text = definition == null ? null : definition.defaultText();
            add(synonyms, name, text, sensitive, ConfigSource.DEFAULT_CONFIG);
        }
        boolean onlyAnothersDefault = !synonyms.isEmpty()
                && synonyms.getFirst().source() == ConfigSource.DEFAULT_CONFIG
                && !synonyms.getFirst().name().equals(names.getFirst());
        return onlyAnothersDefault ? List.of() : List.copyOf(synonyms);
    }

    private static void add(List<Synonym> synonyms, String name, String value, boolean sensitive, ConfigSource source) {
        if (value != null) {
            synonyms.add(new Synonym(name, sensitive ? null : value, source));
        }
    }
}
