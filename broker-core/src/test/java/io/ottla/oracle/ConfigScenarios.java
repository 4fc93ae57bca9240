package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.INCREMENTAL_ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_CONFIG_RESOURCES;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;

/** Configuration changed, and what is shown of it then; each scenario leaves all as it was. */
final class ConfigScenarios {
    static final byte TOPIC = 2;
    private static final String MARKED = "marked";
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;
    private static final byte METRICS = 16;
    private static final byte GROUP = 32;

    static final byte SET = 0;
    static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private ConfigScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(topics());
        all.addAll(requests());
        all.addAll(brokers());
        all.addAll(loggers());
        all.addAll(groups());
        all.addAll(replacing());
        all.addAll(listing());
        return all;
    }

    private static List<Scenario> topics() {
        return List.of(
                changed(
                        "alter a topic",
                        TOPIC,
                        "altered",
                        config("retention.ms", SET, "777"),
                        config("cleanup.policy", APPEND, "compact"),
                        config("compression.type", SET, "lz4"),
                        config("segment.ms", DELETE, null)),
                changed(
                        "alter a topic's lists",
                        TOPIC,
                        "altered",
                        config("leader.replication.throttled.replicas", APPEND, "0:1,1:1,0:1"),
                        config("cleanup.policy", SUBTRACT, "compact")),
                changed("append what is there", TOPIC, "altered", config("cleanup.policy", APPEND, "delete")),
                changed("delete with a value", TOPIC, "altered", config("cleanup.policy", DELETE, "x")),
                changed("set blanks around a value", TOPIC, "altered", config("segment.ms", SET, " 5000 ")),
                asked(
                        "alter a topic only to validate",
                        request(resource(TOPIC, "altered", config("retention.ms", SET, "5")))
                                .setValidateOnly(true)),
                asked(
                        "validate what can't be",
                        request(resource(TOPIC, "altered", config("retention.ms", SET, "x")))
                                .setValidateOnly(true)),
                asked(
                        "alter topics that are not there",
                        request(
                                resource(TOPIC, "nowhere", config("retention.ms", SET, "5")),
                                resource(TOPIC, "a b", config("retention.ms", SET, "5")),
                                resource(TOPIC, "", config("retention.ms", SET, "5")))),
                refused("alter an unknown config", config("no.such.config", SET, "5")),
                refused("delete an unknown config", config("no.such.config", DELETE, null)),
                refused("append to an unknown config", config("no.such.config", APPEND, "5")),
                refused("alter to what is no number", config("retention.ms", SET, "soon")),
                refused("alter to what is out of range", config("segment.bytes", SET, "1")),
                refused("alter to an unknown policy", config("cleanup.policy", SET, "forget")),
                refused("append an unknown policy", config("cleanup.policy", APPEND, "forget")),
                refused("append to what is no list", config("retention.ms", APPEND, "5")),
                refused("subtract from what is no list", config("retention.ms", SUBTRACT, "5")),
                refused(
                        "alter lags that contradict each other",
                        config("min.compaction.lag.ms", SET, "10"),
                        config("max.compaction.lag.ms", SET, "5")),
                refused("alter remote storage", config("remote.storage.enable", SET, "true")),
                refused("alter one right and one wrong", config("retention.ms", SET, "5"), config("x", SET, "y")));
    }

    private static List<Scenario> requests() {
        return List.of(
                asked("alter nothing", request()),
                asked("alter nothing of a topic", request(resource(TOPIC, "altered"))),
                asked(
                        "alter a topic twice",
                        request(
                                resource(TOPIC, "altered", config("retention.ms", SET, "5")),
                                resource(TOPIC, "altered", config("segment.ms", SET, "5")),
                                resource(TOPIC, "nowhere"))),
                refused("alter a config twice", config("retention.ms", SET, "5"), config("retention.ms", SET, "6")),
                refused("alter to null", config("retention.ms", SET, null)),
                refused("append null", config("cleanup.policy", APPEND, null)),
                refused("alter by an unknown operation", config("retention.ms", (byte) 4, "5")),
                refused("alter by a negative operation", config("retention.ms", (byte) -1, "5")),
                asked(
                        "alter an unknown resource type",
                        request(
                                resource((byte) 99, "x", config("retention.ms", SET, "5")),
                                resource((byte) 0, "y", config("retention.ms", SET, "5")))));
    }

    private static List<Scenario> brokers() {
        return List.of(
                changed(
                        "alter the broker",
                        BROKER,
                        "1",
                        config("log.segment.bytes", SET, "20000000"),
                        config("log.cleanup.policy", APPEND, "compact")),
                changed(
                        "alter all brokers",
                        BROKER,
                        "",
                        config("log.segment.bytes", SET, "30000000"),
                        config("num.io.threads", SET, "4")),
                ofBroker("alter what is read-only", "1", config("log.dirs", SET, "/tmp")),
                ofBroker("alter what is read-only for all", "", config("log.dirs", SET, "/tmp")),
                ofBroker("alter all brokers' listeners", "", config("listeners", SET, "PLAINTEXT://127.0.0.1:1")),
                ofBroker("alter an unknown config of the broker", "1", config("acme.x", SET, "1")),
                ofBroker("alter the broker to what is no number", "1", config("log.segment.bytes", SET, "x")),
                ofBroker("alter the broker to what is out of range", "1", config("log.segment.bytes", SET, "1")),
                ofBroker("append to what is no list of the broker", "1", config("log.segment.bytes", APPEND, "1")),
                ofBroker("alter another broker", "55", config("log.segment.bytes", SET, "20000000")),
                ofBroker("alter a broker that is no number", "one", config("log.segment.bytes", SET, "20000000")));
    }

    private static List<Scenario> loggers() {
        return List.of(
                ofLoggers("alter a logger", "1", config("root", SET, "ERROR")),
                ofLoggers("alter a logger in small letters", "1", config("root", SET, "error")),
                ofLoggers("alter an unknown logger", "1", config("io.nowhere", SET, "INFO")),
                ofLoggers("delete an unknown logger", "1", config("io.nowhere", DELETE, null)),
                ofLoggers("alter a logger to an unknown level", "1", config("root", SET, "LOUD")),
                ofLoggers("alter a logger to off", "1", config("root", SET, "OFF")),
                ofLoggers("delete the root logger", "1", config("root", DELETE, null)),
                ofLoggers("append to a logger", "1", config("root", APPEND, "INFO")),
                ofLoggers("alter loggers of another broker", "55", config("root", SET, "INFO")),
                ofLoggers("alter loggers of no broker", "", config("root", SET, "INFO")));
    }

    private static List<Scenario> groups() {
        return List.of(
                changed(
                        "alter a group",
                        GROUP,
                        "altered group",
                        config("consumer.session.timeout.ms", SET, "50000"),
                        config("consumer.heartbeat.interval.ms", SET, "6000"),
                        config("share.auto.offset.reset", SET, "earliest")),
                ofGroup("alter a group below the bounds", "g", config("consumer.session.timeout.ms", SET, "1000")),
                ofGroup("alter a group above the bounds", "g", config("consumer.heartbeat.interval.ms", SET, "99999")),
                ofGroup("alter an unknown config of a group", "g", config("no.such", SET, "1")),
                ofGroup("alter a group to what is no number", "g", config("consumer.session.timeout.ms", SET, "x")),
                ofGroup("alter a group without a name", "", config("consumer.session.timeout.ms", SET, "50000")),
                ofGroup("append to a group", "g", config("consumer.session.timeout.ms", APPEND, "1")),
                asked(
                        "alter a subscription",
                        request(resource(METRICS, "m", config("interval.ms", SET, "1000")))
                                .setValidateOnly(true)));
    }

    private static List<Scenario> replacing() {
        return List.of(
                Scenario.of(
                                "replace a topic's configs",
                                ALTER_CONFIGS,
                                (side, version) -> replace(TOPIC, "altered", "retention.ms", "7", "segment.ms", "9"))
                        .then(
                                DESCRIBE_CONFIGS,
                                (side, version) -> describe(TOPIC, "altered", "retention.ms", "segment.ms"))
                        .then((side, version) -> replace(TOPIC, "altered", "segment.ms", "8"))
                        .then(
                                DESCRIBE_CONFIGS,
                                (side, version) -> describe(TOPIC, "altered", "retention.ms", "segment.ms"))
                        .then((side, version) -> replace(TOPIC, "altered")),
                replaced("replace an unknown topic's configs", TOPIC, "nowhere", "retention.ms", "7"),
                replaced("replace by an unknown config", TOPIC, "altered", "no.such", "7"),
                replaced("replace by what is no number", TOPIC, "altered", "retention.ms", "x"),
                replaced("replace by null", TOPIC, "altered", "retention.ms", null),
                replaced("replace a config twice", TOPIC, "altered", "retention.ms", "1", "retention.ms", "2"),
                replaced("replace another broker's configs", BROKER, "55", "log.segment.bytes", "20000000"),
                replaced("replace what is read-only", BROKER, "1", "log.dirs", "/tmp"),
                replaced("replace levels of loggers", LOGGER, "1", "root", "ERROR"),
                replaced("replace a group's configs", GROUP, "g", "consumer.session.timeout.ms", "1000"),
                replaced("replace of an unknown type", (byte) 99, "x", "a", "b"),
                // Kafka never answers one that names a resource twice
                Scenario.of("replace nothing", ALTER_CONFIGS, (side, version) -> new AlterConfigsRequestData()));
    }

    private static List<Scenario> listing() {
        List<Scenario> all = new ArrayList<>();
        for (byte type : new byte[] {BROKER, LOGGER, METRICS, GROUP, 99, 0, -1}) {
            all.add(Scenario.of(
                    "list what is configured of type " + type,
                    LIST_CONFIG_RESOURCES,
                    (side, version) -> version == 0
                            ? new ListConfigResourcesRequestData()
                            : new ListConfigResourcesRequestData().setResourceTypes(List.of(type))));
        }
        all.add(Scenario.of(
                "list what is configured of types",
                LIST_CONFIG_RESOURCES,
                (side, version) -> version == 0
                        ? new ListConfigResourcesRequestData()
                        : new ListConfigResourcesRequestData().setResourceTypes(List.of(BROKER, LOGGER, BROKER))));
        return all;
    }

    /** Changes, shows what was changed, and takes it back. */
    private static Scenario changed(String name, byte type, String resource, AlterableConfig... configs) {
        String[] names = new String[configs.length];
        AlterableConfig[] back = new AlterableConfig[configs.length];
        for (int i = 0; i < configs.length; i++) {
            names[i] = configs[i].name();
            back[i] = config(names[i], DELETE, null);
        }
        Scenario scenario = Scenario.of(
                        name, INCREMENTAL_ALTER_CONFIGS, (side, version) -> request(resource(type, resource, configs)))
                .then(DESCRIBE_CONFIGS, (side, version) -> {
                    if (type == BROKER) {
                        side.awaitConfig(describe(type, resource, names[0]), configs[0].value()::equals);
                    } else if (type == TOPIC) {
                        awaitTopicConfigs(side);
                    }
                    return describe(type, resource, names);
                })
                .then((side, version) -> request(resource(type, resource, back)));
        return type != BROKER
                ? scenario
                : scenario.then(DESCRIBE_CONFIGS, (side, version) -> {
                    side.awaitConfig(
                            describe(type, resource, names[0]),
                            value -> !configs[0].value().equals(value));
                    return describe(type, resource, names);
                });
    }

    /** Changes come into force in their order, so that a later one tells of those before. */
    private static void awaitTopicConfigs(Side side) throws Exception {
        String value = side.nextMark();
        side.create(MARKED);
        side.ask(
                INCREMENTAL_ALTER_CONFIGS,
                (short) 1,
                request(resource(TOPIC, MARKED, config("retention.ms", SET, value))));
        side.awaitConfig(describe(TOPIC, MARKED, "retention.ms"), value::equals);
    }

    private static Scenario asked(String name, IncrementalAlterConfigsRequestData request) {
        return Scenario.of(name, INCREMENTAL_ALTER_CONFIGS, (side, version) -> request.duplicate());
    }

    private static Scenario refused(String name, AlterableConfig... configs) {
        return asked(name, request(resource(TOPIC, "altered", configs)));
    }

    private static Scenario ofBroker(String name, String broker, AlterableConfig config) {
        return asked(name, request(resource(BROKER, broker, config)).setValidateOnly(true));
    }

    private static Scenario ofLoggers(String name, String broker, AlterableConfig config) {
        return asked(name, request(resource(LOGGER, broker, config)));
    }

    private static Scenario ofGroup(String name, String group, AlterableConfig config) {
        return asked(name, request(resource(GROUP, group, config)).setValidateOnly(true));
    }

    private static Scenario replaced(String name, byte type, String resource, String... configs) {
        return Scenario.of(
                name,
                ALTER_CONFIGS,
                (side, version) -> replace(type, resource, configs).setValidateOnly(true));
    }

    static IncrementalAlterConfigsRequestData request(AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        List.of(resources).forEach(request.resources()::add);
        return request;
    }

    static AlterConfigsResource resource(byte type, String name, AlterableConfig... configs) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type).setResourceName(name);
        List.of(configs).forEach(config -> resource.configs().add(config.duplicate()));
        return resource;
    }

    static AlterableConfig config(String name, byte operation, String value) {
        return new AlterableConfig().setName(name).setConfigOperation(operation).setValue(value);
    }

    static AlterConfigsRequestData replace(byte type, String name, String... configs) {
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type)
                .setResourceName(name);
        for (int i = 0; i < configs.length; i += 2) {
            resource.configs()
                    .add(new AlterConfigsRequestData.AlterableConfig()
                            .setName(configs[i])
                            .setValue(configs[i + 1]));
        }
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(resource);
        return request;
    }

    static DescribeConfigsRequestData describe(byte type, String name, String... configs) {
        return new DescribeConfigsRequestData()
                .setIncludeSynonyms(true)
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(List.of(configs))));
    }
}
