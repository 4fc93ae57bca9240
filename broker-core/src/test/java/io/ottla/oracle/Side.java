package io.ottla.oracle;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/** One of the two brokers, and what its ids stand for. */
final class Side {
    /** A topic that nobody has. */
    static final Uuid NOBODYS = new Uuid(7, 8);

    private static final ConditionFactory PATIENCE = Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(20))
            .pollDelay(Duration.ZERO);
    private static final short METADATA_VERSION = 12;
    private static final short CREATION_VERSION = 4;
    private static final short OFFSETS_VERSION = 7;
    private static final short FOLDERS_VERSION = 4;

    static final String KAFKA = "Kafka";

    final String name;
    final int port;
    /** What earlier answers of this side said: sessions, producer ids. */
    final Map<String, Long> memory = new HashMap<>();

    /** As above, texts: ids of members. */
    final Map<String, String> texts = new HashMap<>();

    private final Map<String, Uuid> ids = new HashMap<>();
    private final Map<Uuid, String> names = new HashMap<>();
    private final Map<Short, short[]> versions = new TreeMap<>();
    private boolean hasCoordinator;
    private int marks;

    Side(String name, int port) throws IOException {
        this.name = name;
        this.port = port;
        try (Wire wire = new Wire(port)) {
            ApiVersionsResponseData answer = (ApiVersionsResponseData) wire.ask(
                    ApiKeys.API_VERSIONS,
                    (short) 3,
                    new ApiVersionsRequestData().setClientSoftwareName("oracle").setClientSoftwareVersion("1"));
            answer.apiKeys()
                    .forEach(key -> versions.put(key.apiKey(), new short[] {key.minVersion(), key.maxVersion()}));
        }
    }

    /** The first and the last version announced; null where the API is not. */
    short[] range(ApiKeys key) {
        return versions.get(key.id);
    }

    boolean serves(ApiKeys key, int version) {
        short[] range = versions.get(key.id);
        return range != null && range[0] <= version && version <= range[1];
    }

    /** The id of a topic. */
    Uuid id(String topic) throws IOException {
        if (!ids.containsKey(topic)) {
            lookUp();
        }
        return ids.getOrDefault(topic, NOBODYS);
    }

    /** The first of its log folders. */
    String folder() throws IOException {
        try (Wire wire = new Wire(port)) {
            DescribeLogDirsResponseData answer = (DescribeLogDirsResponseData)
                    wire.ask(ApiKeys.DESCRIBE_LOG_DIRS, FOLDERS_VERSION, new DescribeLogDirsRequestData());
            return answer.results().getFirst().logDir();
        }
    }

    /** What an id stands for. */
    String name(Uuid id) {
        if (id.equals(Uuid.ZERO_UUID)) {
            return "no id";
        }
        // Kafka may answer that a topic is made before its own metadata show it.
        if (!names.containsKey(id) && !id.equals(NOBODYS)) {
            try {
                PATIENCE.atMost(Duration.ofSeconds(1)).until(() -> {
                    lookUp();
                    return names.containsKey(id);
                });
            } catch (ConditionTimeoutException e) {
                return id.toString();
            }
        }
        return names.containsKey(id) ? "id of " + names.get(id) : id.toString();
    }

    private void lookUp() throws IOException {
        try (Wire wire = new Wire(port)) {
            MetadataResponseData answer = (MetadataResponseData)
                    wire.ask(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData().setTopics(null));
            answer.topics().forEach(topic -> {
                ids.put(topic.name(), topic.topicId());
                names.put(topic.topicId(), topic.name());
            });
        }
    }

    /** Learns ids of topics before they are deleted, and forgets those of topics that are made anew. */
    void refresh() throws IOException {
        ids.clear();
        lookUp();
    }

    /** Makes a topic of one partition unless it is there. */
    void create(String topic) throws Exception {
        if (!ids.containsKey(topic)) {
            try (Wire wire = new Wire(port)) {
                wire.ask(
                        ApiKeys.CREATE_TOPICS,
                        CREATION_VERSION,
                        TopicScenarios.create(TopicScenarios.topic(topic, 1, 1)));
            }
            awaitTopic(topic, 1);
            lookUp();
        }
    }

    /** Kafka fetches its first block of producer ids when it is asked for one, and has none until then. */
    void awaitProducerIds() throws Exception {
        try (Wire wire = new Wire(port)) {
            InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(null);
            PATIENCE.alias(name + " gives a producer id")
                    .until(() -> ((InitProducerIdResponseData) wire.ask(ApiKeys.INIT_PRODUCER_ID, (short) 0, request))
                                    .errorCode()
                            == 0);
        }
    }

    /** The topic of groups is made when somebody first asks for one; until then there is no coordinator. */
    void awaitCoordinator(String group) throws Exception {
        if (hasCoordinator) {
            return;
        }
        try (Wire wire = new Wire(port)) {
            FindCoordinatorRequestData find = new FindCoordinatorRequestData().setKey(group);
            PATIENCE.alias("a coordinator of " + group)
                    .until(() -> ((FindCoordinatorResponseData) wire.ask(ApiKeys.FIND_COORDINATOR, (short) 3, find))
                                    .errorCode()
                            == 0);
            ListGroupsRequestData list = new ListGroupsRequestData();
            PATIENCE.alias("all groups are loaded")
                    .until(() ->
                            ((ListGroupsResponseData) wire.ask(ApiKeys.LIST_GROUPS, (short) 3, list)).errorCode() == 0);
        }
        hasCoordinator = true;
    }

    /** The topic of transactions is made when somebody first asks for a coordinator, who has to load its part of it then. */
    void awaitTransactions(String id) throws Exception {
        try (Wire wire = new Wire(port)) {
            FindCoordinatorRequestData find =
                    new FindCoordinatorRequestData().setKey(id).setKeyType((byte) 1);
            PATIENCE.alias("a coordinator of " + id)
                    .until(() -> ((FindCoordinatorResponseData) wire.ask(ApiKeys.FIND_COORDINATOR, (short) 3, find))
                                    .errorCode()
                            == 0);
            ListTransactionsRequestData list = new ListTransactionsRequestData();
            PATIENCE.alias("all transactional ids are loaded")
                    .until(() -> ((ListTransactionsResponseData) wire.ask(ApiKeys.LIST_TRANSACTIONS, (short) 0, list))
                                    .errorCode()
                            == 0);
            InitProducerIdRequestData begin = new InitProducerIdRequestData()
                    .setTransactionalId("first of " + id)
                    .setTransactionTimeoutMs(60_000);
            PATIENCE.alias("a producer id")
                    .until(() -> ((InitProducerIdResponseData) wire.ask(ApiKeys.INIT_PRODUCER_ID, (short) 4, begin))
                                    .errorCode()
                            == 0);
        }
    }

    /** A number that was not given out before. */
    String nextMark() {
        return Integer.toString(1_000_000 + marks++);
    }

    /** Asks on a connection of its own. */
    void ask(ApiKeys key, short version, ApiMessage request) throws Exception {
        try (Wire wire = new Wire(port)) {
            wire.ask(key, version, request);
        }
    }

    /** Kafka answers before a change of settings is in force. */
    void awaitConfig(DescribeConfigsRequestData asked, Predicate<String> holds) throws Exception {
        try (Wire wire = new Wire(port)) {
            PATIENCE.alias(name + " acts by " + asked).until(() -> {
                DescribeConfigsResponseData answer =
                        (DescribeConfigsResponseData) wire.ask(ApiKeys.DESCRIBE_CONFIGS, (short) 4, asked.duplicate());
                var configs = answer.results().getFirst().configs();
                return holds.test(configs.isEmpty() ? "" : configs.getFirst().value());
            });
        }
    }

    /** Waits until all partitions of a topic have a leader. */
    void awaitTopic(String topic, int partitions) {
        PATIENCE.alias(name + " leads " + topic).until(() -> isUsable(topic, partitions));
    }

    private boolean isUsable(String topic, int partitions) throws IOException {
        try (Wire wire = new Wire(port)) {
            MetadataResponseData answer = (MetadataResponseData) wire.ask(
                    ApiKeys.METADATA,
                    METADATA_VERSION,
                    new MetadataRequestData()
                            .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)))
                            .setAllowAutoTopicCreation(false));
            MetadataResponseData.MetadataResponseTopic found = answer.topics().find(topic);
            return found.errorCode() == 0
                    && found.partitions().size() == partitions
                    && found.partitions().stream().allMatch(partition -> partition.errorCode() == 0)
                    && leads(wire, topic, partitions);
        }
    }

    /** Kafka tells of a leader before that has opened its log. */
    private static boolean leads(Wire wire, String topic, int partitions) throws IOException {
        List<ListOffsetsPartition> asked = IntStream.range(0, partitions)
                .mapToObj(number ->
                        new ListOffsetsPartition().setPartitionIndex(number).setTimestamp(-1))
                .toList();
        ListOffsetsResponseData answer = (ListOffsetsResponseData) wire.ask(
                ApiKeys.LIST_OFFSETS,
                OFFSETS_VERSION,
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic().setName(topic).setPartitions(asked))));
        return answer.topics().getFirst().partitions().stream().allMatch(partition -> partition.errorCode() == 0);
    }

    @Override
    public String toString() {
        return name;
    }
}
