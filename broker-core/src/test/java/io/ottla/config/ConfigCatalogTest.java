package io.ottla.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCatalogTest {
    /** Where our default is not Kafka's, and why. */
    private static final Map<String, String> OTHER_DEFAULTS = Map.of(
            "listeners", "PLAINTEXT://127.0.0.1:9092", // nobody is let in from outside unless told so
            "log.dir", "data/logs", // data outlives a clean-up of /tmp
            "broker.session.timeout.ms", "3000", // three heartbeats of a second each
            "group.coordinator.rebalance.protocols", "classic,consumer", // Kafka 4's: both kinds are served
            "group.consumer.migration.policy", "bidirectional"); // Kafka 4's: rolling upgrades work as they are

    /** Where Kafka has no range, though values outside of it would stop compaction. */
    private static final Map<String, ConfigRange> OTHER_RANGES = Map.of(
            "log.cleaner.io.max.bytes.per.second", new ConfigRange.Above(0L, null),
            "log.cleaner.io.buffer.load.factor", new ConfigRange.Above(0L, 1L));

    @ParameterizedTest
    @ValueSource(strings = {"broker", "topic"})
    void shouldHaveEverySettingOfKafka39WithItsFacts(String kind) {
        // given  the facts printed from Kafka's jars
        List<KafkaFacts.Fact> facts = KafkaFacts.of(kind);
        assertThat(facts).hasSize(kind.equals("broker") ? 329 : 36);
        ConfigCatalog catalog = kind.equals("broker") ? ConfigCatalog.broker() : ConfigCatalog.topic();
        List<String> differences = new ArrayList<>();

        // when   each is compared with our row
        for (KafkaFacts.Fact fact : facts) {
            ConfigDefinition ours = catalog.get(fact.name());
            if (ours == null) {
                differences.add(fact.name() + " has no row");
                continue;
            }
            compare(differences, fact, "type", fact.type(), ours.type().name());
            compare(differences, fact, "importance", fact.importance().toLowerCase(Locale.ROOT), ours.importance());
            compare(differences, fact, "internal", fact.internal(), ours.internal());
            compare(differences, fact, "range", OTHER_RANGES.getOrDefault(fact.name(), rangeOf(fact)), ours.range());
            if (kind.equals("broker")) {
                compare(differences, fact, "scope", fact.scope(), ours.scope().text());
            }
            String kafkas = fact.defaultText().equals("<null>") ? null : fact.defaultText();
            compare(
                    differences,
                    fact,
                    "default",
                    kind.equals("broker") ? OTHER_DEFAULTS.getOrDefault(fact.name(), kafkas) : kafkas,
                    ours.defaultText());
        }

        // then   nothing differs but what is named above
        assertThat(differences).isEmpty();
    }

    private static void compare(
            List<String> differences, KafkaFacts.Fact fact, String what, Object kafkas, Object ours) {
        if (!String.valueOf(kafkas).equals(String.valueOf(ours))) {
            differences.add(fact.name() + ": " + what + " is " + kafkas + " in Kafka and " + ours + " here");
        }
    }

    /** Kafka's description of a range, in our shapes. */
    private static ConfigRange rangeOf(KafkaFacts.Fact fact) {
        String text = fact.range();
        ConfigType type = ConfigType.valueOf(fact.type());
        if (text.isEmpty() || text.equals("non-null string") || text.equals("non-empty list")) {
            return ConfigRange.of("-", type);
        }
        if (text.startsWith("[0.8.0,")) {
            return ConfigRange.of("a Kafka version", type);
        }
        if (text.equals("non-empty string")) {
            return ConfigRange.of("not empty", type);
        }
        if (text.startsWith("[partitionId]")) {
            return ConfigRange.of("throttled replicas", type);
        }
        if (text.startsWith("The default value of -1")) {
            return ConfigRange.of("1.. or -1", type);
        }
        if (text.contains(",...")) {
            String[] parts = text.replace("[", "")
                    .replace(",...]", "..")
                    .replace(",...,", "..")
                    .split("]");
            return ConfigRange.of(String.join("", parts), type);
        }
        boolean anyCase = text.startsWith("(case insensitive) ");
        String words = text.substring(text.indexOf('[') + 1, text.length() - 1);
        String prefix = type == ConfigType.LIST ? "each of " : anyCase ? "one of (any case) " : "one of ";
        return ConfigRange.of(prefix + words, type);
    }

    @Test
    void shouldKnowWhichBrokerSettingIsTheDefaultOfATopics() {
        Map<String, String> ours = new HashMap<>();
        for (String name : KafkaFacts.synonyms().keySet()) {
            String brokerName = ConfigCatalog.topic().get(name).brokerName();
            ours.put(name, brokerName == null ? "<none>" : brokerName);
        }

        assertThat(ours).isEqualTo(KafkaFacts.synonyms());
    }

    @Test
    void shouldKnowEveryConstantOfTheClientsTopicConfig() throws IllegalAccessException {
        for (Field field : TopicConfig.class.getFields()) {
            if (field.getName().endsWith("_CONFIG")) {
                String name = (String) field.get(null);
                assertThat(ConfigCatalog.topic().get(name)).as(name).isNotNull();
            }
        }
    }

    @Test
    void shouldHaveDefaultsThatAreWithinTheirRanges() {
        for (ConfigCatalog catalog : List.of(
                ConfigCatalog.broker(), ConfigCatalog.topic(), ConfigCatalog.group(), ConfigCatalog.clientMetrics())) {
            for (ConfigDefinition definition : catalog.all()) {
                if (definition.defaultText() != null) {
                    assertThat(definition.read(definition.defaultText()))
                            .as(definition.name())
                            .isInstanceOf(Reading.Value.class);
                }
            }
        }
    }

    @Test
    void shouldSaySomethingOfEverySetting() {
        for (ConfigDefinition definition : ConfigCatalog.broker().all()) {
            assertThat(definition.documentation()).as(definition.name()).endsWith(".");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.retention.sm", "log.retenton.ms", "Log.retention.ms", "log.retention.mss"})
    void shouldFindTheNameThatWasMeant(String misspelt) {
        assertThat(ConfigCatalog.broker().nearest(misspelt)).isEqualTo("log.retention.ms");
    }

    @Test
    void shouldNotGuessWhereNothingIsNear() {
        assertThat(ConfigCatalog.broker().nearest("acme.enterprise.licence")).isNull();
        assertThat(ConfigCatalog.broker().nearest("x".repeat(10_000))).isNull();
    }
}
