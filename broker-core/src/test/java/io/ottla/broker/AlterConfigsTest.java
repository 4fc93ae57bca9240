package io.ottla.broker;

import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.APPEND;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.DELETE;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET;
import static org.apache.kafka.clients.admin.AlterConfigOp.OpType.SUBTRACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.zookeeper.TestingZooKeeper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configuration changed through Kafka's Admin client: what is answered as done is in force, stored, and kept. */
final class AlterConfigsTest {
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");
    private static final ConfigResource LOGGERS = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1");

    @TempDir
    Path folder;

    private TestingZooKeeper zooKeeper;
    private TestingBroker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = new TestingZooKeeper();
        startBroker();
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1).configs(Map.of("retention.ms", "123456"))))
                .all()
                .get();
    }

    private void startBroker() throws Exception {
        broker =
                new TestingBroker(zooKeeper.address(), folder.resolve("logs"), Map.of("log.index.interval.bytes", "7"));
        admin = broker.admin();
    }

    @AfterEach
    void stop() throws Exception {
        stopBroker();
        zooKeeper.close();
    }

    private void stopBroker() {
        admin.close();
        broker.close();
    }

    private static AlterConfigOp op(String name, AlterConfigOp.OpType kind, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), kind);
    }

    private void alter(ConfigResource resource, AlterConfigOp... operations) throws Exception {
        alter(resource, new AlterConfigsOptions(), operations);
    }

    private void alter(ConfigResource resource, AlterConfigsOptions options, AlterConfigOp... operations)
            throws Exception {
        try {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(operations)), options)
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private void set(ConfigResource resource, String name, String value) throws Exception {
        alter(resource, op(name, SET, value));
    }

    private ConfigEntry entry(ConfigResource resource, String name) throws Exception {
        Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return config.get(name);
    }

    private String node(String path) throws Exception {
        return zooKeeper.data("/config/" + path);
    }

    @Test
    void shouldChangeATopicAtOnce() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Map.of())) {
            producer.send(new ProducerRecord<>("t", new byte[5000])).get();

            // when   settings are set, appended to and deleted in one request
            alter(
                    TOPIC,
                    op("max.message.bytes", SET, "1000"),
                    op("cleanup.policy", APPEND, "compact"),
                    op("retention.ms", DELETE, null));

            // then   the next batch is judged by them, they are shown with their source, and stored as Kafka stores
            // them
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("t", new byte[0], new byte[5000]))
                            .get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
        assertThat(entry(TOPIC, "cleanup.policy").value()).isEqualTo("delete,compact");
        assertThat(entry(TOPIC, "max.message.bytes").source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(entry(TOPIC, "retention.ms").source()).isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        assertThat(node("topics/t"))
                .isEqualTo("{\"version\":1,\"config\":{\"cleanup.policy\":\"delete,compact\","
                        + "\"max.message.bytes\":\"1000\"}}");
        assertThat(node("changes/config_change_0000000000")).isEqualTo("{\"version\":2,\"entity_path\":\"topics/t\"}");
        alter(TOPIC, op("cleanup.policy", SUBTRACT, "delete"), op("max.message.bytes", DELETE, null));
        assertThat(node("topics/t")).isEqualTo("{\"version\":1,\"config\":{\"cleanup.policy\":\"compact\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "retention.mss, SET, 5, did you mean retention.ms?",
        "retention.ms, SET, soon, Invalid value soon",
        "retention.ms, APPEND, 5, it is no list",
        "nonsense, SUBTRACT, 5, it is no list",
        "min.compaction.lag.ms, SET, 9223372036854775807, not above max.compaction.lag.ms",
        "cleanup.policy, APPEND, forget, Invalid value",
        "remote.storage.enable, SET, true, remote.log.storage.system.enable is false",
    })
    void shouldRefuseWhatATopicCanNotHaveWithTheReason(String name, AlterConfigOp.OpType kind, String value, String why)
            throws Exception {
        set(TOPIC, "max.compaction.lag.ms", "100");

        assertThatThrownBy(() -> alter(TOPIC, op("segment.ms", SET, "5000"), op(name, kind, value)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(why);

        assertThat(node("topics/t")).as("nothing of it is done").doesNotContain("segment.ms");
    }

    @Test
    void shouldAnswerForEachResourceAndOnlyAskWhereThatIsAsked() throws Exception {
        ConfigResource nowhere = new ConfigResource(ConfigResource.Type.TOPIC, "nowhere");
        List<AlterConfigOp> retention = List.of(op("retention.ms", SET, "9"));

        var results = admin.incrementalAlterConfigs(
                        Map.of(TOPIC, retention, nowhere, retention), new AlterConfigsOptions().validateOnly(true))
                .values();

        results.get(TOPIC).get();
        assertThatThrownBy(() -> results.get(nowhere).get()).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        assertThat(entry(TOPIC, "retention.ms").value()).isEqualTo("123456");
    }

    @Test
    void shouldChangeThisBrokerAndAllBrokers() throws Exception {
        set(ALL_BROKERS, "log.segment.bytes", "20000000");
        assertThat(entry(BROKER, "log.segment.bytes").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        set(BROKER, "log.segment.bytes", "30000000");
        assertThat(entry(BROKER, "log.segment.bytes").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
        assertThat(entry(TOPIC, "segment.bytes").value()).isEqualTo("30000000");
        set(BROKER, "listener.name.plaintext.max.connections", "50");
        assertThat(entry(ALL_BROKERS, "log.segment.bytes").value()).isEqualTo("20000000");
        assertThat(node("brokers/<default>"))
                .isEqualTo("{\"version\":1,\"config\":{\"log.segment.bytes\":\"20000000\"}}");
        assertThat(node("brokers/1")).contains("\"log.segment.bytes\":\"30000000\"");
        assertThat(node("changes/config_change_0000000000")).contains("brokers/<default>");

        alter(BROKER, op("log.segment.bytes", DELETE, null));
        alter(ALL_BROKERS, op("log.segment.bytes", DELETE, null), op("log.cleanup.policy", APPEND, "compact"));
        assertThat(entry(TOPIC, "segment.bytes").value()).isEqualTo("1073741824");
        assertThat(entry(TOPIC, "cleanup.policy").value()).isEqualTo("delete,compact");
    }

    @ParameterizedTest
    @CsvSource({
        "broker.id, 2, can't be changed while the broker runs",
        "nonsense, 2, is not a known setting",
        "log.segment.bytes, x, log.segment.bytes = x",
        "log.cleaner.max.compaction.lag.ms, 5, log.cleaner.min.compaction.lag.ms",
        "ssl.key.password, hunter2, password.encoder.secret",
        "listeners, MORE://127.0.0.1:0, listener.security.protocol.map",
    })
    void shouldRefuseWhatABrokerCanNotTakeWithTheReason(String name, String value, String why) throws Exception {
        set(ALL_BROKERS, "log.cleaner.min.compaction.lag.ms", "100");

        assertThatThrownBy(() -> set(BROKER, name, value))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> set(ALL_BROKERS, "advertised.listeners", "PLAINTEXT://a:1"))
                .hasMessageContaining("for one broker only");
    }

    @Test
    void shouldRefuseToTakeAwayWhatAnotherSettingRestsOn() throws Exception {
        // given  a setting of this broker that goes with another of its own, but not with that of all brokers
        set(ALL_BROKERS, "log.cleaner.max.compaction.lag.ms", "50");
        alter(
                BROKER,
                op("log.cleaner.max.compaction.lag.ms", SET, "1000"),
                op("log.cleaner.min.compaction.lag.ms", SET, "100"));

        // when, then
        assertThatThrownBy(() -> alter(BROKER, op("log.cleaner.max.compaction.lag.ms", DELETE, null)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("log.cleaner.min.compaction.lag.ms = 100: Expected not more than");
        assertThat(entry(BROKER, "log.cleaner.max.compaction.lag.ms").value()).isEqualTo("1000");
        alter(
                BROKER,
                op("log.cleaner.max.compaction.lag.ms", DELETE, null),
                op("log.cleaner.min.compaction.lag.ms", DELETE, null));
    }

    @Test
    void shouldRefuseSubscriptionsToMetrics() {
        assertThatThrownBy(
                        () -> set(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m"), "interval.ms", "1000"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("does not take clients' metrics");
    }

    @ParameterizedTest
    @ValueSource(strings = {"readers", "a/b", "..", "<default>", "100 % ü"})
    void shouldConfigureGroupsOfAnyName(String name) throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
        assertThat(entry(group, "consumer.session.timeout.ms").value()).isEqualTo("45000");

        set(group, "consumer.session.timeout.ms", "50000");

        assertThat(entry(group, "consumer.session.timeout.ms").value()).isEqualTo("50000");
        assertThat(entry(group, "consumer.session.timeout.ms").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
        assertThat(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                        .all()
                        .get())
                .containsExactly(group);
        assertThatThrownBy(() -> set(group, "consumer.session.timeout.ms", "70000"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("group.consumer.max.session.timeout.ms, which is 60000");
        alter(group, op("consumer.session.timeout.ms", DELETE, null));
        assertThat(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                        .all()
                        .get())
                .isEmpty();
        assertThat(zooKeeper.children("/config/groups")).isEmpty();
    }

    @Test
    void shouldListWhatCanBeConfigured() throws Exception {
        assertThat(admin.listConfigResources().all().get()).containsExactlyInAnyOrder(TOPIC, BROKER, LOGGERS);
        assertThat(admin.listConfigResources(
                                Set.of(ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions())
                        .all()
                        .get())
                .isEmpty();
    }

    @Test
    void shouldSetLevelsOfLoggers() throws Exception {
        set(LOGGERS, "io.ottla", "DEBUG");
        assertThat(entry(LOGGERS, "io.ottla").value()).isEqualTo("DEBUG");

        assertThatThrownBy(() -> set(LOGGERS, "io.nowhere", "DEBUG"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> set(LOGGERS, "io.ottla", "LOUD")).isInstanceOf(InvalidConfigurationException.class);
        alter(LOGGERS, op("io.ottla", DELETE, null));
        assertThat(entry(LOGGERS, "io.ottla").value()).isEqualTo("WARN");
    }

    @Test
    void shouldKeepAllOfItOverARestart() throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "readers");
        set(TOPIC, "retention.ms", "99");
        set(BROKER, "num.network.threads", "2");
        set(ALL_BROKERS, "log.roll.ms", "1000000");
        set(group, "consumer.heartbeat.interval.ms", "6000");

        stopBroker();
        startBroker();

        assertThat(entry(TOPIC, "retention.ms").value()).isEqualTo("99");
        assertThat(entry(BROKER, "num.network.threads").value()).isEqualTo("2");
        assertThat(entry(TOPIC, "segment.ms").value()).isEqualTo("1000000");
        assertThat(entry(group, "consumer.heartbeat.interval.ms").value()).isEqualTo("6000");
    }
}
