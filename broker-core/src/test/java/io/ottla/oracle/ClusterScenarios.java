package io.ottla.oracle;

import static org.apache.kafka.common.protocol.ApiKeys.API_VERSIONS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CLUSTER;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_LOG_DIRS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
import static org.apache.kafka.common.protocol.ApiKeys.FIND_COORDINATOR;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;
import static org.apache.kafka.common.protocol.ApiKeys.UPDATE_FEATURES;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKeyCollection;

/** Questions about the cluster: who, what, how set. */
final class ClusterScenarios {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte LOGGER = 8;

    private ClusterScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of("versions", API_VERSIONS, (side, version) -> software("oracle", "1.0")),
                Scenario.of(
                        "versions asked with illegal software name",
                        API_VERSIONS,
                        (side, version) -> version < 3 ? new ApiVersionsRequestData() : software("-no-", "1.0")),
                Scenario.of(
                        "versions asked with empty software name", API_VERSIONS, (side, version) -> software("", "")),
                Scenario.of(
                        "versions of another cluster",
                        API_VERSIONS,
                        (side, version) -> software("oracle", "1.0").setClusterId("another-cluster")),
                Scenario.of(
                        "versions of another broker",
                        API_VERSIONS,
                        (side, version) -> software("oracle", "1.0").setNodeId(77)),
                Scenario.of("metadata of two topics", METADATA, (side, version) -> metadata("events", "settings")),
                Scenario.of("metadata of no topic", METADATA, (side, version) -> metadata()),
                Scenario.of(
                        "metadata of all topics",
                        METADATA,
                        (side, version) -> version == 0 ? metadata() : new MetadataRequestData().setTopics(null)),
                Scenario.of(
                        "metadata of an unknown topic",
                        METADATA,
                        (side, version) -> metadata("nowhere").setAllowAutoTopicCreation(false)),
                Scenario.of(
                        "metadata of illegal names",
                        METADATA,
                        (side, version) -> metadata("a b", "", ".", "..", "x".repeat(250), "ä")),
                Scenario.of(
                        "metadata creates an illegal colliding name",
                        METADATA,
                        (side, version) -> metadata("dotted_name")),
                Scenario.of("metadata creates a topic", METADATA, (side, version) -> metadata("auto-" + version))
                        .then((side, version) -> {
                            side.awaitTopic("auto-" + version, 1);
                            return metadata("auto-" + version);
                        }),
                Scenario.of(
                        "metadata of a topic named twice", METADATA, (side, version) -> metadata("events", "events")),
                Scenario.of("metadata by id", METADATA, (side, version) -> byId(version, side.id("events"))),
                Scenario.of("metadata by unknown id", METADATA, (side, version) -> byId(version, Side.NOBODYS)),
                Scenario.of(
                        "metadata by zero id and no name", METADATA, (side, version) -> byId(version, Uuid.ZERO_UUID)),
                Scenario.of(
                        "metadata by id and name",
                        METADATA,
                        (side, version) -> new MetadataRequestData()
                                .setTopics(List.of(new MetadataRequestTopic()
                                        .setName("events")
                                        .setTopicId(side.id("settings"))))),
                Scenario.of(
                        "metadata by id mixed with names",
                        METADATA,
                        (side, version) -> new MetadataRequestData()
                                .setTopics(List.of(
                                        new MetadataRequestTopic().setName("events"),
                                        new MetadataRequestTopic()
                                                .setName(version < 12 ? "" : null)
                                                .setTopicId(side.id("settings"))))),
                Scenario.of(
                        "metadata with authorised operations",
                        METADATA,
                        (side, version) -> metadata("events").setIncludeTopicAuthorizedOperations(true)),
                Scenario.of(
                        "metadata with the cluster's authorised operations",
                        METADATA,
                        (side, version) -> metadata("events").setIncludeClusterAuthorizedOperations(true)),
                Scenario.of(
                        "partitions of two topics",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("settings", "events")),
                Scenario.of(
                        "partitions of a topic named twice",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events", "events")),
                Scenario.of(
                        "partitions of unknown and illegal topics",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("nowhere", "a b", "x".repeat(250))),
                Scenario.of(
                        "partitions of an empty name", DESCRIBE_TOPIC_PARTITIONS, (side, version) -> partitions("")),
                Scenario.of(
                                "partitions, two at a time",
                                DESCRIBE_TOPIC_PARTITIONS,
                                (side, version) ->
                                        partitions("events", "settings").setResponsePartitionLimit(2))
                        .then((side, version) -> partitions("events", "settings")
                                .setResponsePartitionLimit(2)
                                .setCursor(cursor("events", 2))),
                Scenario.of(
                        "partitions with a limit of 0",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events").setResponsePartitionLimit(0)),
                Scenario.of(
                        "partitions with a negative limit",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events").setResponsePartitionLimit(-5)),
                Scenario.of(
                        "partitions behind the last one",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events").setCursor(cursor("events", 50))),
                Scenario.of(
                        "partitions with a cursor in a topic not asked for",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events", "settings").setCursor(cursor("kept", 0))),
                Scenario.of(
                        "partitions with a cursor in a topic that is gone",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions().setCursor(cursor("eventz", 0))),
                Scenario.of(
                        "partitions with a negative cursor",
                        DESCRIBE_TOPIC_PARTITIONS,
                        (side, version) -> partitions("events").setCursor(cursor("events", -1))),
                Scenario.of("cluster", DESCRIBE_CLUSTER, (side, version) -> new DescribeClusterRequestData()),
                Scenario.of(
                        "cluster with authorised operations",
                        DESCRIBE_CLUSTER,
                        (side, version) ->
                                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true)),
                Scenario.of(
                        "cluster with fenced brokers",
                        DESCRIBE_CLUSTER,
                        (side, version) -> new DescribeClusterRequestData().setIncludeFencedBrokers(true)),
                Scenario.of(
                        "controllers, from a broker",
                        DESCRIBE_CLUSTER,
                        (side, version) -> new DescribeClusterRequestData().setEndpointType((byte) 2)),
                Scenario.of(
                        "cluster with an unknown endpoint type",
                        DESCRIBE_CLUSTER,
                        (side, version) -> new DescribeClusterRequestData().setEndpointType((byte) 9)),
                Scenario.of(
                        "log dirs of two partitions", DESCRIBE_LOG_DIRS, (side, version) -> logDirs("events", 0, 2)),
                Scenario.of(
                        "log dirs of unknown partitions", DESCRIBE_LOG_DIRS, (side, version) -> logDirs("nowhere", 0)),
                Scenario.of(
                        "log dirs of an unknown partition number",
                        DESCRIBE_LOG_DIRS,
                        (side, version) -> logDirs("events", 0, 55, -1)),
                Scenario.of(
                        "log dirs of nothing",
                        DESCRIBE_LOG_DIRS,
                        (side, version) ->
                                new DescribeLogDirsRequestData().setTopics(new DescribableLogDirTopicCollection())),
                Scenario.of(
                        "all log dirs",
                        DESCRIBE_LOG_DIRS,
                        (side, version) -> new DescribeLogDirsRequestData().setTopics(null)),
                Scenario.of(
                        "configs of a topic",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(TOPIC, "settings"))),
                Scenario.of(
                        "configs of a topic with synonyms and documentation",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(TOPIC, "settings"))
                                .setIncludeSynonyms(true)
                                .setIncludeDocumentation(version >= 3)),
                Scenario.of(
                        "some configs of a topic",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(
                                resource(TOPIC, "settings", "retention.ms", "cleanup.policy", "no.such.config"))),
                Scenario.of(
                        "no configs of a topic",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(new DescribeConfigsResource()
                                .setResourceType(TOPIC)
                                .setResourceName("settings")
                                .setConfigurationKeys(List.of()))),
                Scenario.of(
                        "configs of unknown and illegal topics",
                        DESCRIBE_CONFIGS,
                        (side, version) ->
                                configs(resource(TOPIC, "nowhere"), resource(TOPIC, "a b"), resource(TOPIC, ""))),
                Scenario.of(
                        "some configs of the broker",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(
                                        BROKER,
                                        "1",
                                        "log.retention.ms",
                                        "num.network.threads",
                                        "log.dirs.not",
                                        "message.max.bytes"))
                                .setIncludeSynonyms(true)),
                Scenario.of(
                        "configs of all brokers",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(BROKER, "")).setIncludeSynonyms(true)),
                Scenario.of(
                        "configs of another broker",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(BROKER, "55"))),
                Scenario.of(
                        "configs of a broker that is no number",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(BROKER, "one"))),
                Scenario.of(
                        "configs of loggers of another broker",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(LOGGER, "55"))),
                Scenario.of(
                        "configs of loggers of no broker",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource(LOGGER, ""))),
                Scenario.of(
                        "configs of an unknown resource type",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource((byte) 99, "x"))),
                Scenario.of(
                        "configs of resource type 0",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(resource((byte) 0, "x"))),
                Scenario.of(
                        "configs of a resource asked for twice",
                        DESCRIBE_CONFIGS,
                        (side, version) -> configs(
                                resource(TOPIC, "events", "retention.ms"), resource(TOPIC, "events", "retention.ms"))),
                Scenario.of("configs of nothing", DESCRIBE_CONFIGS, (side, version) -> configs()),
                Scenario.of(
                        "coordinator of an unknown type",
                        FIND_COORDINATOR,
                        (side, version) -> coordinator(version, 9, "x")),
                Scenario.of(
                        "coordinator of a negative type",
                        FIND_COORDINATOR,
                        (side, version) -> coordinator(version, -1, "x")),
                Scenario.of(
                        "coordinator of a share group with a bad key",
                        FIND_COORDINATOR,
                        (side, version) -> coordinator(version, 2, "bad")),
                Scenario.of(
                        "coordinators of no group",
                        FIND_COORDINATOR,
                        (side, version) -> version < 4 ? coordinator(version, 9, "") : coordinator(version, 0)),
                Scenario.of("coordinator of a group", FIND_COORDINATOR, (side, version) -> {
                    side.awaitCoordinator("group");
                    return coordinator(version, 0, "group");
                }),
                Scenario.of(
                        "update of an unknown feature",
                        UPDATE_FEATURES,
                        (side, version) -> features(version, "no.such.feature", 1, 1)),
                Scenario.of(
                        "update of no feature", UPDATE_FEATURES, (side, version) -> new UpdateFeaturesRequestData()),
                Scenario.of(
                        "validated update of an unknown feature",
                        UPDATE_FEATURES,
                        (side, version) ->
                                features(version, "no.such.feature", 1, 1).setValidateOnly(true)),
                Scenario.of(
                        "update of an unknown feature to level 0",
                        UPDATE_FEATURES,
                        (side, version) -> features(version, "no.such.feature", 0, 2)),
                Scenario.of(
                        "update of a feature to a negative level",
                        UPDATE_FEATURES,
                        (side, version) -> features(version, "no.such.feature", -1, 1)),
                Scenario.of(
                        "update of a feature of an unknown kind",
                        UPDATE_FEATURES,
                        (side, version) -> features(version, "no.such.feature", 1, 9)));
    }

    private static ApiVersionsRequestData software(String name, String version) {
        return new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion(version);
    }

    private static MetadataRequestData metadata(String... topics) {
        return new MetadataRequestData()
                .setTopics(Arrays.stream(topics)
                        .map(topic -> new MetadataRequestTopic().setName(topic))
                        .collect(Collectors.toList()));
    }

    /** A name may be null from version 12 on. */
    private static MetadataRequestData byId(short version, Uuid id) {
        String name = version < 12 ? "" : null;
        return new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(name).setTopicId(id)));
    }

    private static DescribeTopicPartitionsRequestData partitions(String... topics) {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(Arrays.stream(topics)
                        .map(topic -> new TopicRequest().setName(topic))
                        .collect(Collectors.toList()));
    }

    private static DescribeTopicPartitionsRequestData.Cursor cursor(String topic, int partition) {
        return new DescribeTopicPartitionsRequestData.Cursor()
                .setTopicName(topic)
                .setPartitionIndex(partition);
    }

    private static DescribeLogDirsRequestData logDirs(String topic, Integer... partitions) {
        DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic(topic).setPartitions(List.of(partitions)));
        return new DescribeLogDirsRequestData().setTopics(topics);
    }

    private static DescribeConfigsRequestData configs(DescribeConfigsResource... resources) {
        return new DescribeConfigsRequestData().setResources(List.of(resources));
    }

    private static DescribeConfigsResource resource(byte type, String name, String... keys) {
        return new DescribeConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigurationKeys(keys.length == 0 ? null : List.of(keys));
    }

    private static FindCoordinatorRequestData coordinator(short version, int type, String... keys) {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData().setKeyType((byte) type);
        return version < 4 ? request.setKey(keys[0]) : request.setCoordinatorKeys(List.of(keys));
    }

    private static UpdateFeaturesRequestData features(short version, String feature, int level, int kind) {
        FeatureUpdateKey update = new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel((short) level);
        if (version == 0) {
            update.setAllowDowngrade(kind != 1);
        } else {
            update.setUpgradeType((byte) kind);
        }
        return new UpdateFeaturesRequestData()
                .setFeatureUpdates(
                        new FeatureUpdateKeyCollection(List.of(update).iterator()));
    }
}
