package io.ottla.oracle;

import static io.ottla.oracle.ProduceScenarios.part;
import static io.ottla.oracle.ProduceScenarios.produce;
import static io.ottla.oracle.ProduceScenarios.request;
import static io.ottla.oracle.ProduceScenarios.topic;
import static org.apache.kafka.common.protocol.ApiKeys.ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_PARTITIONS;
import static org.apache.kafka.common.protocol.ApiKeys.CREATE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_RECORDS;
import static org.apache.kafka.common.protocol.ApiKeys.DELETE_TOPICS;
import static org.apache.kafka.common.protocol.ApiKeys.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.FETCH;
import static org.apache.kafka.common.protocol.ApiKeys.INCREMENTAL_ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.METADATA;
import static org.apache.kafka.common.protocol.ApiKeys.PRODUCE;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** What clients may do with topics that brokers keep for themselves. */
final class InternalTopicScenarios {
    private static final String GROUPS = "__consumer_offsets";
    private static final String TRANSACTIONS = "__transaction_state";
    private static final String SHARES = "__share_group_state";

    private InternalTopicScenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(writes());
        all.addAll(cuts());
        all.addAll(changes());
        all.addAll(configs());
        return all;
    }

    private static List<Scenario> writes() {
        return List.of(
                Scenario.of("produce to the topic of groups", PRODUCE, (side, version) -> {
                    side.awaitCoordinator("g");
                    return produce(side, GROUPS, 0, Batches.of(0, 1));
                }),
                internal(
                        "produce to the topic of transactions",
                        TRANSACTIONS,
                        PRODUCE,
                        (side, version) -> produce(side, TRANSACTIONS, 0, Batches.of(0, 1))),
                internal(
                        "produce to the topic of share groups",
                        SHARES,
                        PRODUCE,
                        (side, version) -> produce(side, SHARES, 0, Batches.of(0, 1))),
                internal(
                        "produce to an unknown partition of an internal topic",
                        TRANSACTIONS,
                        PRODUCE,
                        (side, version) -> produce(side, TRANSACTIONS, 44, Batches.of(0, 1))),
                internal(
                        "produce to an internal topic and to another",
                        TRANSACTIONS,
                        PRODUCE,
                        (side, version) -> request(
                                topic(side, TRANSACTIONS, part(0, Batches.of(0, 1))),
                                topic(side, "written", part(0, Batches.of(0, 1))))),
                internal(
                        "produce what is corrupt to an internal topic",
                        TRANSACTIONS,
                        PRODUCE,
                        (side, version) -> produce(side, TRANSACTIONS, 0, Batches.badCrc())),
                internal(
                        "produce no batch to an internal topic",
                        TRANSACTIONS,
                        PRODUCE,
                        (side, version) -> produce(side, TRANSACTIONS, 0, MemoryRecords.EMPTY)),
                Scenario.unanswered("produce to an internal topic with acks 0", PRODUCE, (side, version) -> {
                            side.create(TRANSACTIONS);
                            return produce(side, TRANSACTIONS, 0, Batches.of(0, 1))
                                    .setAcks((short) 0);
                        })
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, "events", 0, 0)),
                internal(
                                "produce to an internal topic as Kafka's admin client",
                                TRANSACTIONS,
                                PRODUCE,
                                (side, version) -> produce(side, TRANSACTIONS, 0, Batches.of(0, 1)))
                        .then(FETCH, (side, version) -> FetchScenarios.fetch(side, TRANSACTIONS, 0, 0))
                        .as("__admin_client"));
    }

    private static List<Scenario> cuts() {
        return List.of(
                Scenario.of(
                        "delete records of the topic of groups",
                        DELETE_RECORDS,
                        (side, version) -> TopicScenarios.cut(GROUPS, 0, 1)),
                internal(
                        "delete records of the topic of transactions",
                        TRANSACTIONS,
                        DELETE_RECORDS,
                        (side, version) -> TopicScenarios.cut(TRANSACTIONS, 0, 1)),
                internal(
                        "delete records of the topic of share groups",
                        SHARES,
                        DELETE_RECORDS,
                        (side, version) -> TopicScenarios.cut(SHARES, 0, 1)),
                internal(
                        "delete records of an unknown internal partition",
                        TRANSACTIONS,
                        DELETE_RECORDS,
                        (side, version) -> TopicScenarios.cut(TRANSACTIONS, 44, 1)),
                internal(
                                "delete records of an internal topic as Kafka's admin client",
                                TRANSACTIONS,
                                DELETE_RECORDS,
                                (side, version) -> TopicScenarios.cut(TRANSACTIONS, 0, 1))
                        .as("__admin_client"));
    }

    private static List<Scenario> changes() {
        return List.of(
                internal(
                        "metadata of an internal topic",
                        TRANSACTIONS,
                        METADATA,
                        (side, version) -> new MetadataRequestData()
                                .setTopics(List.of(new MetadataRequestTopic().setName(TRANSACTIONS)))),
                internal(
                        "create an internal topic that exists",
                        TRANSACTIONS,
                        CREATE_TOPICS,
                        (side, version) -> TopicScenarios.create(TopicScenarios.topic(TRANSACTIONS, 1, 1))),
                Scenario.of(
                        "create KRaft's topic",
                        CREATE_TOPICS,
                        (side, version) -> TopicScenarios.create(
                                TopicScenarios.topic("__cluster_metadata", 1, 1),
                                TopicScenarios.topic("beside-" + version, 1, 1))),
                internal(
                        "grow an internal topic",
                        TRANSACTIONS,
                        CREATE_PARTITIONS,
                        (side, version) -> TopicScenarios.grow(TopicScenarios.growth(TRANSACTIONS, 2))
                                .setValidateOnly(true)),
                internal(
                                "delete an internal topic",
                                SHARES,
                                DELETE_TOPICS,
                                (side, version) -> TopicScenarios.delete(version, SHARES))
                        .then(
                                CREATE_TOPICS,
                                (side, version) -> TopicScenarios.create(TopicScenarios.topic(SHARES, 1, 1))),
                internal("delete an internal topic by id", SHARES, DELETE_TOPICS, (side, version) -> {
                            side.refresh();
                            return TopicScenarios.delete(TopicScenarios.state(null, side.id(SHARES)));
                        })
                        .then(
                                CREATE_TOPICS,
                                (side, version) -> TopicScenarios.create(TopicScenarios.topic(SHARES, 1, 1))));
    }

    /** Each leaves all as it was. */
    private static List<Scenario> configs() {
        return List.of(
                internal(
                                "alter an internal topic",
                                TRANSACTIONS,
                                INCREMENTAL_ALTER_CONFIGS,
                                (side, version) -> altering("retention.ms", "777"))
                        .then(
                                DESCRIBE_CONFIGS,
                                (side, version) ->
                                        ConfigScenarios.describe(ConfigScenarios.TOPIC, TRANSACTIONS, "retention.ms"))
                        .then((side, version) -> altering("retention.ms", null)),
                internal(
                        "alter an internal topic to what is no number",
                        TRANSACTIONS,
                        INCREMENTAL_ALTER_CONFIGS,
                        (side, version) -> altering("retention.ms", "x")),
                internal(
                                "replace an internal topic's configs",
                                TRANSACTIONS,
                                ALTER_CONFIGS,
                                (side, version) -> ConfigScenarios.replace(
                                        ConfigScenarios.TOPIC, TRANSACTIONS, "segment.ms", "9999"))
                        .then(
                                DESCRIBE_CONFIGS,
                                (side, version) ->
                                        ConfigScenarios.describe(ConfigScenarios.TOPIC, TRANSACTIONS, "segment.ms"))
                        .then((side, version) -> ConfigScenarios.replace(ConfigScenarios.TOPIC, TRANSACTIONS)),
                internal(
                                "alter an internal topic as Kafka's admin client",
                                TRANSACTIONS,
                                INCREMENTAL_ALTER_CONFIGS,
                                (side, version) ->
                                        altering("retention.ms", "777").setValidateOnly(true))
                        .as("__admin_client"));
    }

    /** @param value null takes it back */
    private static IncrementalAlterConfigsRequestData altering(String name, String value) {
        return ConfigScenarios.request(ConfigScenarios.resource(
                ConfigScenarios.TOPIC,
                TRANSACTIONS,
                ConfigScenarios.config(name, value == null ? ConfigScenarios.DELETE : ConfigScenarios.SET, value)));
    }

    /** Of a topic that is there by then. */
    private static Scenario internal(String name, String topic, ApiKeys key, Scenario.Ask ask) {
        return Scenario.of(name, key, (side, version) -> {
            side.create(topic);
            return ask.of(side, version);
        });
    }
}
