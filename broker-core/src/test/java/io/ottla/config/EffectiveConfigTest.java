package io.ottla.config;

import static io.ottla.config.ConfigSource.DEFAULT_CONFIG;
import static io.ottla.config.ConfigSource.DYNAMIC_BROKER_CONFIG;
import static io.ottla.config.ConfigSource.DYNAMIC_CLIENT_METRICS_CONFIG;
import static io.ottla.config.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
import static io.ottla.config.ConfigSource.DYNAMIC_GROUP_CONFIG;
import static io.ottla.config.ConfigSource.DYNAMIC_TOPIC_CONFIG;
import static io.ottla.config.ConfigSource.STATIC_BROKER_CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.ConfigEntry.Synonym;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is expected here was seen of Kafka 3.9 in ZooKeeper mode, and of 4.3 where 3.9 has no such thing. */
class EffectiveConfigTest {
    private final BrokerConfig broker = BrokerConfig.of(Map.of(
                    "broker.id", "1",
                    "zookeeper.connect", "zoo:2181",
                    "zookeeper.ssl.keystore.password", "hunter2",
                    "log.index.interval.bytes", "8192",
                    "acme.token", "hunter2"))
            .withDynamic(
                    Map.of("log.retention.ms", "5000000", "max.connections", "500", "log.segment.bytes", "80000000"),
                    Map.of("log.segment.bytes", "90000000"))
            .config();
    private final EffectiveConfig effective = new EffectiveConfig(broker);

    private static ConfigEntry find(List<ConfigEntry> entries, String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ConfigEntry ofBroker(String name) {
        return find(effective.ofBroker(), name);
    }

    private ConfigEntry ofTopic(String name, Map<String, String> overrides) {
        return find(effective.ofTopic(overrides), name);
    }

    @Test
    void shouldShowWhereABrokersValueComesFrom() {
        assertThat(ofBroker("log.segment.bytes").synonyms())
                .containsExactly(
                        new Synonym("log.segment.bytes", "90000000", DYNAMIC_BROKER_CONFIG),
                        new Synonym("log.segment.bytes", "80000000", DYNAMIC_DEFAULT_BROKER_CONFIG),
                        new Synonym("log.segment.bytes", "1073741824", DEFAULT_CONFIG));
        assertThat(ofBroker("log.segment.bytes").value()).isEqualTo("90000000");
        assertThat(ofBroker("log.segment.bytes").source()).isEqualTo(DYNAMIC_BROKER_CONFIG);
        assertThat(ofBroker("log.segment.bytes").readOnly()).isFalse();

        assertThat(ofBroker("log.retention.ms").synonyms())
                .containsExactly(
                        new Synonym("log.retention.ms", "5000000", DYNAMIC_DEFAULT_BROKER_CONFIG),
                        new Synonym("log.retention.hours", "168", DEFAULT_CONFIG));

        assertThat(ofBroker("node.id").synonyms())
                .containsExactly(
                        new Synonym("node.id", "1", STATIC_BROKER_CONFIG),
                        new Synonym("node.id", "-1", DEFAULT_CONFIG));
        assertThat(ofBroker("broker.id").readOnly()).isTrue();
    }

    @Test
    void shouldShowNoValueAndNoSynonymWhereNothingIsSet() {
        ConfigEntry entry = ofBroker("log.roll.ms");

        assertThat(entry.value()).isNull();
        assertThat(entry.source()).isEqualTo(DEFAULT_CONFIG);
        assertThat(entry.synonyms()).isEmpty();
        assertThat(entry.type()).isEqualTo(ConfigType.LONG);
    }

    @Test
    void shouldHideSecretsAndWhatNobodyKnows() {
        ConfigEntry password = ofBroker("zookeeper.ssl.keystore.password");
        assertThat(password.value()).isNull();
        assertThat(password.sensitive()).isTrue();
        assertThat(password.synonyms())
                .containsExactly(new Synonym("zookeeper.ssl.keystore.password", null, STATIC_BROKER_CONFIG));

        ConfigEntry unknown = ofBroker("acme.token");
        assertThat(unknown.value()).isNull();
        assertThat(unknown.sensitive()).isTrue();
        assertThat(unknown.readOnly()).isTrue();
        assertThat(unknown.type()).isNull();
    }

    @Test
    void shouldKeepInternalSettingsToItself() {
        assertThat(effective.ofBroker()).noneMatch(entry -> entry.name().equals("group.coordinator.new.enable"));
    }

    @Test
    void shouldShowOfAllBrokersOnlyWhatIsSetForAll() {
        assertThat(effective.ofAllBrokers())
                .extracting(ConfigEntry::name)
                .containsExactly("log.retention.ms", "log.segment.bytes", "max.connections");
        assertThat(effective.ofAllBrokers().getFirst().synonyms())
                .containsExactly(new Synonym("log.retention.ms", "5000000", DYNAMIC_DEFAULT_BROKER_CONFIG));
    }

    @Test
    void shouldShowWhereATopicsValueComesFrom() {
        Map<String, String> overrides = Map.of("segment.ms", "100000", "compression.type", "gzip");

        assertThat(ofTopic("compression.type", overrides).synonyms())
                .containsExactly(
                        new Synonym("compression.type", "gzip", DYNAMIC_TOPIC_CONFIG),
                        new Synonym("compression.type", "producer", DEFAULT_CONFIG));
        assertThat(ofTopic("segment.ms", overrides).synonyms())
                .containsExactly(new Synonym("segment.ms", "100000", DYNAMIC_TOPIC_CONFIG));
        assertThat(ofTopic("segment.bytes", overrides).source()).isEqualTo(DYNAMIC_BROKER_CONFIG);
        assertThat(ofTopic("segment.bytes", overrides).value()).isEqualTo("90000000");
        assertThat(ofTopic("index.interval.bytes", overrides).source()).isEqualTo(STATIC_BROKER_CONFIG);
        assertThat(ofTopic("flush.ms", overrides).value()).isEqualTo("9223372036854775807");
        assertThat(ofTopic("flush.ms", overrides).synonyms()).isEmpty();
        assertThat(ofTopic("leader.replication.throttled.replicas", overrides).value())
                .isEmpty();
    }

    @Test
    void shouldShowTheUnitInWhichRetentionWasSet() {
        // Kafka leaves the list empty here and calls the value a default, which it is not
        EffectiveConfig inHours = new EffectiveConfig(BrokerConfig.of(Map.of("log.retention.hours", "24")));

        ConfigEntry entry = find(inHours.ofTopic(Map.of()), "retention.ms");
        assertThat(entry.value()).isEqualTo("86400000");
        assertThat(entry.source()).isEqualTo(STATIC_BROKER_CONFIG);
        assertThat(entry.synonyms())
                .containsExactly(
                        new Synonym("log.retention.hours", "24", STATIC_BROKER_CONFIG),
                        new Synonym("log.retention.hours", "168", DEFAULT_CONFIG));
    }

    @Test
    void shouldShowGroupsAndSubscriptions() {
        ConfigEntry session = find(effective.ofGroup(Map.of()), "consumer.session.timeout.ms");
        assertThat(session.value()).isEqualTo("45000");
        assertThat(session.synonyms())
                .containsExactly(new Synonym("group.consumer.session.timeout.ms", "45000", DEFAULT_CONFIG));
        assertThat(find(
                                effective.ofGroup(Map.of("consumer.session.timeout.ms", "50000")),
                                "consumer.session.timeout.ms")
                        .source())
                .isEqualTo(DYNAMIC_GROUP_CONFIG);

        assertThat(effective.ofClientMetrics(Map.of()))
                .extracting(ConfigEntry::value)
                .containsExactly("300000", "", "");
        assertThat(effective
                        .ofClientMetrics(Map.of("interval.ms", "5000"))
                        .getFirst()
                        .source())
                .isEqualTo(DYNAMIC_CLIENT_METRICS_CONFIG);
    }

    @Test
    void shouldShowTheDefaultWhereWhatIsSetCanNotBeRead() {
        ConfigEntry retention = ofTopic("retention.bytes", Map.of("retention.bytes", "bogus"));
        assertThat(retention.value()).isEqualTo("-1");
        assertThat(retention.source()).isEqualTo(DEFAULT_CONFIG);
        assertThat(ofTopic("segment.bytes", Map.of("segment.bytes", "-5")).source())
                .isEqualTo(DYNAMIC_BROKER_CONFIG);

        ConfigEntry session =
                find(effective.ofGroup(Map.of("consumer.session.timeout.ms", "soon")), "consumer.session.timeout.ms");
        assertThat(session.value()).isEqualTo("45000");
        assertThat(session.source()).isEqualTo(DEFAULT_CONFIG);
        assertThat(session.synonyms())
                .containsExactly(new Synonym("group.consumer.session.timeout.ms", "45000", DEFAULT_CONFIG));
    }
}
