package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.InternalTopicProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.controller.TestingCluster;
import io.ottla.coordinator.Shards;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.TopicImage;
import io.ottla.peer.LostReplicas;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.Principal;
import io.ottla.types.TopicPartition;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handlers over a real controller whose store is in memory. Every answer is written in its version as well. */
class MetadataApisTest implements Authorizer {
    private static final int PARTITIONS_PER_ANSWER = 10;

    private final TestingCluster cluster = new TestingCluster();
    /** What nobody may: operation, type, name. */
    private final Set<List<Object>> forbidden = new HashSet<>();

    private final List<ApiHandler<?, ?>> handlers = beside(new MetadataApis.Ports(
            () -> cluster.image,
            cluster.controller,
            this,
            Quotas.unlimited(),
            TopicDefaults.DEFAULTS,
            List.of(new InternalTopicProperties(
                    "__consumer_offsets", 4, (short) 3, 1 << 20, Map.of("compression.type", "producer"))),
            set -> set.entrySet().stream()
                    .map(entry ->
                            new CreatableTopicConfigs().setName(entry.getKey()).setValue(entry.getValue()))
                    .toList(),
            new ImageCoordinators(() -> cluster.image),
            PARTITIONS_PER_ANSWER,
            Clock.system(),
            cluster.timer()));

    /** Those of a broker that is the controller itself. */
    private static List<ApiHandler<?, ?>> beside(MetadataApis.Ports ports) {
        List<ApiHandler<?, ?>> deciding = MetadataApis.deciding(ports);
        List<ApiHandler<?, ?>> all = new ArrayList<>(deciding);
        all.addAll(MetadataApis.telling(
                ports, MetadataApis.creation(ports, new LocalControllerChannel(deciding, ports.clock()))));
        return all;
    }

    @BeforeEach
    void elect() {
        cluster.store.broker(1, "r1");
        cluster.elect();
    }

    @Override
    public boolean allows(Caller caller, AclOperation operation, ResourceType type, String name) {
        return !forbidden.contains(List.of(operation, type, name));
    }

    @Override
    public boolean allowsAny(Caller caller, AclOperation operation, ResourceType type) {
        return true;
    }

    private <A extends ApiMessage> A ask(ApiMessage request, int version, Class<A> as) {
        Reply<?> reply = begin(request, version);
        cluster.settle();
        Reply.Outcome<?> outcome = reply.outcomeNow();
        assertThat(outcome).isInstanceOf(Reply.Outcome.Answer.class);
        ApiMessage answer = ((Reply.Outcome.Answer<?>) outcome).message();
        ObjectSerializationCache cache = new ObjectSerializationCache();
        int size = answer.size(cache, (short) version);
        answer.write(new ByteBufferAccessor(java.nio.ByteBuffer.allocate(size)), cache, (short) version);
        return as.cast(answer);
    }

    @SuppressWarnings("unchecked")
    private Reply<?> begin(ApiMessage request, int version) {
        ApiHandler<ApiMessage, ApiMessage> handler = (ApiHandler<ApiMessage, ApiMessage>) handlers.stream()
                .filter(candidate -> candidate.spec().api().id() == request.apiKey())
                .findFirst()
                .orElseThrow();
        assertThat(handler.spec().serves((short) version)).isTrue();
        Caller caller = new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "test");
        return handler.handle(
                new RequestContext(
                        caller,
                        (short) version,
                        "PLAIN",
                        SecurityProtocol.PLAINTEXT,
                        false,
                        ClientSoftware.UNKNOWN,
                        0,
                        Runnable::run,
                        PeerWatch.NONE),
                request);
    }

    private CreateTopicsResponseData create(int version, CreatableTopic... topics) {
        return ask(creation(topics), version, CreateTopicsResponseData.class);
    }

    private static CreateTopicsRequestData creation(CreatableTopic... topics) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1000);
        for (CreatableTopic topic : topics) {
            request.topics().add(topic);
        }
        return request;
    }

    private static CreatableTopic topic(String name, int partitions) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) 1);
    }

    private MetadataResponseData metadata(int version, boolean create, String... names) {
        return ask(named(create, names), version, MetadataResponseData.class);
    }

    private static MetadataRequestData named(boolean create, String... names) {
        MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(create);
        for (String name : names) {
            request.topics().add(new MetadataRequestTopic().setName(name));
        }
        return request;
    }

    private static Errors error(MetadataResponseData answer, String name) {
        return Errors.forCode(answer.topics().find(name).errorCode());
    }

    @Test
    void shouldServeEveryStableVersion() {
        for (ApiHandler<?, ?> handler : handlers) {
            assertThat(handler.spec().oldest()).isEqualTo(handler.spec().api().oldestVersion());
            assertThat(handler.spec().newest()).isEqualTo(handler.spec().api().latestVersion());
        }
        assertThat(handlers).hasSize(12);
    }

    @Test
    void shouldRefuseInEveryVersion() {
        // The dispatcher's refusals have to be writable in each version that is served.
        ask(named(true, "t"), 4, MetadataResponseData.class);
        for (ApiHandler<?, ?> handler : handlers) {
            for (short version = handler.spec().oldest();
                    version <= handler.spec().newest();
                    version++) {
                ApiMessage refusal = refusal(handler);
                ObjectSerializationCache cache = new ObjectSerializationCache();
                assertThat(refusal.size(cache, version)).isPositive();
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static ApiMessage refusal(ApiHandler<?, ?> handler) {
        ApiSpec<ApiMessage, ApiMessage> spec = (ApiSpec<ApiMessage, ApiMessage>) handler.spec();
        return spec.refusal().apply(spec.api().newRequest(), Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void shouldDescribeTopicsByNameByIdAndAllInEveryVersion() {
        create(7, topic("t", 2), topic("__consumer_offsets", 1));
        Uuid id = cluster.image.topic("t").id().uuid();
        for (int version = 0; version <= ApiKeys.METADATA.latestVersion(); version++) {
            MetadataResponseData answer = metadata(version, true, "t", "x y", "t");
            assertThat(answer.brokers().find(1).host()).isEqualTo("host1");
            assertThat(answer.controllerId()).isEqualTo(1);
            assertThat(answer.topics()).hasSize(2);
            assertThat(answer.topics().find("t").partitions()).hasSize(2).allSatisfy(partition -> {
                assertThat(partition.leaderId()).isEqualTo(1);
                assertThat(partition.isrNodes()).containsExactly(1);
                assertThat(partition.errorCode()).isZero();
            });
            assertThat(error(answer, "x y")).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
            MetadataRequestData all = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
            assertThat(ask(all, version, MetadataResponseData.class).topics()).hasSize(2);
        }
        assertThat(metadata(12, true).topics()).isEmpty();
        MetadataRequestData byId = new MetadataRequestData();
        Uuid unknown = Uuid.randomUuid();
        byId.topics().add(new MetadataRequestTopic().setName(null).setTopicId(id));
        byId.topics().add(new MetadataRequestTopic().setName(null).setTopicId(unknown));
        List<MetadataResponseTopic> found =
                new ArrayList<>(ask(byId, 12, MetadataResponseData.class).topics());
        assertThat(found.get(0).name()).isEqualTo("t");
        assertThat(found.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(found.get(1).topicId()).isEqualTo(unknown);
        assertThat(new ArrayList<>(ask(byId, 11, MetadataResponseData.class).topics())
                        .getFirst()
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldCreateOnDemandWhereBothSidesWantIt() {
        assertThat(error(metadata(9, false, "t"), "t")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        cluster.passTime(1);
        assertThat(cluster.image.topics()).isEmpty();
        assertThat(error(metadata(9, true, "t"), "t")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(metadata(9, true, "t"), "t")).isEqualTo(Errors.NONE);
        forbidden.add(List.of(AclOperation.CREATE, ResourceType.CLUSTER, CLUSTER_NAME));
        forbidden.add(List.of(AclOperation.CREATE, ResourceType.TOPIC, "u"));
        assertThat(error(metadata(9, true, "u"), "u")).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
        assertThat(cluster.image.topics()).containsOnlyKeys("t");
    }

    @Test
    void shouldHideWhatTheCallerMayNotSee() {
        create(7, topic("secret", 1), topic("open", 1));
        forbidden.add(List.of(AclOperation.DESCRIBE, ResourceType.TOPIC, "secret"));
        forbidden.add(List.of(AclOperation.WRITE, ResourceType.TOPIC, "open"));
        MetadataRequestData all = new MetadataRequestData().setTopics(null).setIncludeTopicAuthorizedOperations(true);
        MetadataResponseData answer = ask(all, 12, MetadataResponseData.class);
        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().find("open").topicAuthorizedOperations()).isEqualTo(3576 & ~(1 << 4));
        assertThat(error(metadata(12, true, "secret"), "secret")).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
        MetadataResponseData cluster8 =
                ask(named(true).setIncludeClusterAuthorizedOperations(true), 8, MetadataResponseData.class);
        assertThat(cluster8.clusterAuthorizedOperations()).isEqualTo(8096);
    }

    @Test
    void shouldShowLeadersThatAreAway() {
        cluster.store.broker(2, null);
        cluster.settle();
        CreatableTopic assigned =
                new CreatableTopic().setName("t").setNumPartitions(-1).setReplicationFactor((short) -1);
        assigned.assignments()
                .add(new CreateTopicsRequestData.CreatableReplicaAssignment()
                        .setPartitionIndex(0)
                        .setBrokerIds(List.of(2)));
        create(7, assigned);
        cluster.store.brokerGone(2);
        cluster.settle();
        MetadataResponseData.MetadataResponsePartition partition =
                metadata(9, true, "t").topics().find("t").partitions().getFirst();
        assertThat(partition.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(partition.leaderId()).isEqualTo(-1);
        assertThat(partition.offlineReplicas()).containsExactly(2);
        assertThat(metadata(0, true, "t")
                        .topics()
                        .find("t")
                        .partitions()
                        .getFirst()
                        .replicaNodes())
                .isEmpty();
    }

    @Test
    void shouldShowReplicasThatAreOfflineThoughTheirBrokerLives() {
        create(7, topic("t", 1));
        LostReplicas lost = new LostReplicas(
                new BrokerId(1),
                cluster.image.brokers().get(new BrokerId(1)).epoch(),
                List.of(new LostReplicas.Replica(
                        cluster.image.topic("t").id(),
                        new TopicPartition("t", 0),
                        new LeaderEpoch(0),
                        LostReplicas.Loss.OFFLINE)));
        assertThat(cluster.await(cluster.controller.replicasLost(lost))).isEmpty();
        MetadataResponseData.MetadataResponsePartition partition =
                metadata(9, true, "t").topics().find("t").partitions().getFirst();
        assertThat(partition.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(partition.leaderId()).isEqualTo(-1);
        assertThat(partition.offlineReplicas()).containsExactly(1);
        assertThat(partition.isrNodes()).containsExactly(1);
    }

    @Test
    void shouldCreateTopicsInEveryVersionAndShowTheirConfigurationToWhomItConcerns() {
        for (int version = 2; version <= ApiKeys.CREATE_TOPICS.latestVersion(); version++) {
            CreatableTopic topic = topic("v" + version, 3);
            topic.configs()
                    .add(new CreateTopicsRequestData.CreatableTopicConfig()
                            .setName("retention.ms")
                            .setValue("9"));
            CreateTopicsResponseData.CreatableTopicResult result =
                    create(version, topic).topics().find("v" + version);
            assertThat(result.errorCode()).isZero();
            assertThat(result.numPartitions()).isEqualTo(version >= 5 ? 3 : -1);
            assertThat(result.configs()).hasSize(version >= 5 ? 1 : 0);
        }
        forbidden.add(List.of(AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, "hidden"));
        CreateTopicsResponseData.CreatableTopicResult hidden =
                create(7, topic("hidden", 3)).topics().find("hidden");
        assertThat(hidden.errorCode()).isZero();
        assertThat(hidden.topicConfigErrorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(hidden.numPartitions()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseDuplicatesAndWhoMayNotCreate() {
        forbidden.add(List.of(AclOperation.CREATE, ResourceType.CLUSTER, CLUSTER_NAME));
        forbidden.add(List.of(AclOperation.CREATE, ResourceType.TOPIC, "no"));
        CreateTopicsResponseData answer = create(7, topic("d", 1), topic("d", 2), topic("no", 1), topic("yes", 1));
        assertThat(answer.topics()).hasSize(3);
        assertThat(answer.topics().find("d").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(answer.topics().find("no").errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(answer.topics().find("yes").errorCode()).isZero();
        assertThat(cluster.image.topics()).containsOnlyKeys("yes");
    }

    @Test
    void shouldAnswerAtTheTimeoutAndGoOn() {
        // given  brokers that do not get ready with what is new
        cluster.inForce = new java.util.concurrent.CompletableFuture<>();
        Reply<?> reply = begin(creation(topic("t", 1)), 7);
        cluster.settle();
        assertThat(reply.outcomeNow()).isNull();
        // when   the request's time is up
        cluster.passTime(1);
        // then   the client learns that, and the topic is there all the same
        CreateTopicsResponseData answer =
                (CreateTopicsResponseData) ((Reply.Outcome.Answer<?>) reply.outcomeNow()).message();
        assertThat(answer.topics().find("t").errorCode()).isEqualTo(Errors.REQUEST_TIMED_OUT.code());
        assertThat(cluster.image.topics()).containsKey("t");
        assertThat(ask(creation(topic("u", 1)).setTimeoutMs(0), 7, CreateTopicsResponseData.class)
                        .topics()
                        .find("u")
                        .errorCode())
                .isEqualTo(Errors.REQUEST_TIMED_OUT.code());
    }

    @Test
    void shouldDeleteByNameAndByIdAndNameEachMistake() {
        create(7, topic("a", 1), topic("b", 1), topic("c", 1), topic("no", 1));
        forbidden.add(List.of(AclOperation.DELETE, ResourceType.TOPIC, "no"));
        Uuid b = cluster.image.topic("b").id().uuid();
        Uuid unknown = Uuid.randomUuid();
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTimeoutMs(1000)
                .setTopics(List.of(
                        new DeleteTopicState().setName("a"),
                        new DeleteTopicState().setName(null).setTopicId(b),
                        new DeleteTopicState().setName(null).setTopicId(unknown),
                        new DeleteTopicState().setName("never"),
                        new DeleteTopicState().setName("no"),
                        new DeleteTopicState().setName("c"),
                        new DeleteTopicState().setName("c"),
                        new DeleteTopicState().setName("both").setTopicId(b),
                        new DeleteTopicState().setName(null)));
        DeleteTopicsResponseData answer = ask(request, 6, DeleteTopicsResponseData.class);
        assertThat(answer.responses().find("a").errorCode()).isZero();
        assertThat(answer.responses().find("b").errorCode()).isZero();
        assertThat(answer.responses().find("never").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(answer.responses().find("no").errorCode()).isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(answer.responses().find("c").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(answer.responses().find("both").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(answer.responses()).hasSize(8);
        assertThat(cluster.image.topics()).containsOnlyKeys("c", "no");
        DeleteTopicsRequestData old =
                new DeleteTopicsRequestData().setTimeoutMs(1000).setTopicNames(List.of("c", "d"));
        DeleteTopicsResponseData oldAnswer = ask(old, 1, DeleteTopicsResponseData.class);
        assertThat(oldAnswer.responses().find("c").errorCode()).isZero();
        assertThat(oldAnswer.responses().find("d").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldNotTellWhetherATopicExistsToWhoMayNotDescribeIt() {
        create(7, topic("secret", 1));
        forbidden.add(List.of(AclOperation.DESCRIBE, ResourceType.TOPIC, "secret"));
        forbidden.add(List.of(AclOperation.DESCRIBE, ResourceType.TOPIC, "none"));
        Uuid id = cluster.image.topic("secret").id().uuid();
        DeleteTopicsResponseData answer = ask(
                new DeleteTopicsRequestData()
                        .setTimeoutMs(1000)
                        .setTopics(List.of(
                                new DeleteTopicState().setName("secret"),
                                new DeleteTopicState().setName("none"),
                                new DeleteTopicState().setName(null).setTopicId(id))),
                6,
                DeleteTopicsResponseData.class);
        assertThat(answer.responses().find("secret").errorCode())
                .isEqualTo(answer.responses().find("none").errorCode());
        assertThat(answer.responses())
                .filteredOn(topic -> topic.name() == null)
                .singleElement()
                .satisfies(topic -> assertThat(topic.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code()));
        assertThat(cluster.image.topics()).containsKey("secret");
    }

    @Test
    void shouldNotDeleteATopicThatIsNamedByNameAndById() {
        create(7, topic("a", 1));
        Uuid id = cluster.image.topic("a").id().uuid();
        DeleteTopicsResponseData answer = ask(
                new DeleteTopicsRequestData()
                        .setTimeoutMs(1000)
                        .setTopics(List.of(
                                new DeleteTopicState().setName("a"),
                                new DeleteTopicState().setName(null).setTopicId(id))),
                6,
                DeleteTopicsResponseData.class);
        assertThat(answer.responses()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo("a");
            assertThat(topic.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        });
        assertThat(cluster.image.topics()).containsKey("a");
    }

    @Test
    void shouldGrowTopics() {
        create(7, topic("a", 1));
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(1000);
        request.topics()
                .add(new CreatePartitionsTopic().setName("a").setCount(3).setAssignments(null));
        request.topics()
                .add(new CreatePartitionsTopic().setName("b").setCount(3).setAssignments(null));
        CreatePartitionsResponseData answer = ask(request, 3, CreatePartitionsResponseData.class);
        assertThat(answer.results())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(cluster.image.topic("a").partitions()).hasSize(3);
    }

    @Test
    void shouldPageThroughPartitionsWithACursor() {
        create(7, topic("b", 3), topic("a", 2), topic("c", 1));
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData();
        for (String name : List.of("c", "b", "missing", "a", "x y", "a")) {
            request.topics().add(new TopicRequest().setName(name));
        }
        DescribeTopicPartitionsResponseData whole = ask(request, 0, DescribeTopicPartitionsResponseData.class);
        assertThat(whole.topics()).extracting("name").containsExactly("a", "b", "c", "missing", "x y");
        assertThat(whole.nextCursor()).isNull();
        List<String> seen = new ArrayList<>();
        DescribeTopicPartitionsRequestData all = new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(2);
        for (int page = 0; page < 10; page++) {
            DescribeTopicPartitionsResponseData answer = ask(all, 0, DescribeTopicPartitionsResponseData.class);
            answer.topics()
                    .forEach(topic -> topic.partitions()
                            .forEach(partition -> seen.add(topic.name() + partition.partitionIndex())));
            if (answer.nextCursor() == null) {
                break;
            }
            all.setCursor(new Cursor()
                    .setTopicName(answer.nextCursor().topicName())
                    .setPartitionIndex(answer.nextCursor().partitionIndex()));
        }
        assertThat(seen).containsExactly("a0", "a1", "b0", "b1", "b2", "c0");
        request.setCursor(new Cursor().setTopicName("a").setPartitionIndex(-1));
        assertThat(ask(request, 0, DescribeTopicPartitionsResponseData.class)
                        .topics()
                        .find("a")
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldNameNoMorePartitionsInAnAnswerThanTheBrokerIsSetTo() {
        create(7, topic("wide", PARTITIONS_PER_ANSWER + 2));

        DescribeTopicPartitionsResponseData answer = ask(
                new DescribeTopicPartitionsRequestData().setResponsePartitionLimit(2_000),
                0,
                DescribeTopicPartitionsResponseData.class);

        assertThat(answer.topics().find("wide").partitions()).hasSize(PARTITIONS_PER_ANSWER);
        assertThat(answer.nextCursor().partitionIndex()).isEqualTo(PARTITIONS_PER_ANSWER);
    }

    @Test
    void shouldDescribeTheClusterOfBrokersOnly() {
        for (int version = 0; version <= ApiKeys.DESCRIBE_CLUSTER.latestVersion(); version++) {
            DescribeClusterResponseData answer = ask(
                    new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true),
                    version,
                    DescribeClusterResponseData.class);
            assertThat(answer.brokers().find(1).rack()).isEqualTo("r1");
            assertThat(answer.clusterId()).isEqualTo("cluster");
            assertThat(answer.clusterAuthorizedOperations()).isEqualTo(8096);
        }
        assertThat(ask(new DescribeClusterRequestData().setEndpointType((byte) 2), 1, DescribeClusterResponseData.class)
                        .errorCode())
                .isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(ask(new DescribeClusterRequestData().setEndpointType((byte) 3), 1, DescribeClusterResponseData.class)
                        .errorCode())
                .isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    @Test
    void shouldFindCoordinatorsByTheInternalTopic() {
        FindCoordinatorRequestData one =
                new FindCoordinatorRequestData().setKey("g").setKeyType((byte) 0);
        assertThat(ask(one, 3, FindCoordinatorResponseData.class).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        // The first who asks has the topic made, with as many replicas as there are brokers.
        TopicImage offsets = cluster.image.topic("__consumer_offsets");
        assertThat(offsets.partitions()).hasSize(4);
        assertThat(offsets.partition(0).replicas()).hasSize(1);
        assertThat(cluster.image
                        .configs()
                        .get(ConfigResourceName.topic("__consumer_offsets"))
                        .values())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("segment.bytes", "1048576")
                .containsEntry("compression.type", "producer");
        assertThat(ask(one, 0, FindCoordinatorResponseData.class).port()).isEqualTo(9092);
        forbidden.add(List.of(AclOperation.DESCRIBE, ResourceType.GROUP, "no"));
        FindCoordinatorRequestData many =
                new FindCoordinatorRequestData().setKeyType((byte) 0).setCoordinatorKeys(List.of("g", "no"));
        assertThat(ask(many, 4, FindCoordinatorResponseData.class).coordinators())
                .extracting(coordinator -> Errors.forCode(coordinator.errorCode()))
                .containsExactly(Errors.NONE, Errors.GROUP_AUTHORIZATION_FAILED);
        many.setKeyType((byte) 9);
        assertThat(ask(many, 4, FindCoordinatorResponseData.class)
                        .coordinators()
                        .getFirst()
                        .errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        many.setKeyType((byte) 2).setCoordinatorKeys(List.of("g:" + Uuid.randomUuid() + ":0", "g:x"));
        assertThat(ask(many, 6, FindCoordinatorResponseData.class).coordinators())
                .extracting(coordinator -> Errors.forCode(coordinator.errorCode()))
                .containsExactly(Errors.COORDINATOR_NOT_AVAILABLE, Errors.INVALID_REQUEST);
    }

    @Test
    void shouldFindTheSamePartitionAsKafka() {
        assertThat("g".hashCode()).isEqualTo(103);
        assertThat(Shards.partitionOf("g", 50)).isEqualTo(3);
        assertThat(Shards.partitionOf("polygenelubricants", 50))
                .as("whose hash is the smallest integer")
                .isZero();
    }

    @Test
    void shouldUpdateFeatures() {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData().setTimeoutMs(1000);
        request.featureUpdates()
                .add(new FeatureUpdateKey()
                        .setFeature("some.version")
                        .setMaxVersionLevel((short) 2)
                        .setUpgradeType((byte) 1));
        UpdateFeaturesResponseData answer = ask(request, 1, UpdateFeaturesResponseData.class);
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.results().find("some.version").errorCode()).isZero();
        request.featureUpdates().find("some.version").setMaxVersionLevel((short) 3);
        answer = ask(request, 2, UpdateFeaturesResponseData.class);
        assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_UPDATE_VERSION.code());
        assertThat(answer.results()).isEmpty();
        request.featureUpdates()
                .find("some.version")
                .setMaxVersionLevel((short) 1)
                .setAllowDowngrade(true);
        assertThat(ask(request, 0, UpdateFeaturesResponseData.class).errorCode())
                .isZero();
        assertThat(cluster.image.features().levels()).isEqualTo(Map.of("some.version", (short) 1));
    }

    @Test
    void shouldKeepDoomedTopicsOutOfSight() {
        create(7, topic("t", 1));
        TopicImage doomed = cluster.image.topic("t").doomed();
        cluster.image = cluster.image.with(new io.ottla.metadata.MetadataChange.TopicSet(doomed));
        assertThat(error(metadata(9, false, "t"), "t")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(ask(new MetadataRequestData().setTopics(null), 9, MetadataResponseData.class)
                        .topics())
                .isEmpty();
    }
}
