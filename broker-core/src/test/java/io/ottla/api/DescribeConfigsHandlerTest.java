package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig;
import io.ottla.config.TestingLoggers;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.TopicImage;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import io.ottla.types.Principal;
import io.ottla.types.TopicId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcollections.TreePVector;

/** Errors and messages are those of Kafka 4.3 unless a test says otherwise. */
class DescribeConfigsHandlerTest {
    private static final Caller CALLER = new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "test");

    private final BrokerConfig config = BrokerConfig.of(
                    Map.of("broker.id", "1", "zookeeper.ssl.keystore.password", "hunter2"))
            .withDynamic(Map.of("log.segment.bytes", "80000000"), Map.of())
            .config();
    private ClusterImage image = imageWithTopic();
    private Authorizer authorizer = Authorizer.allowAll();
    private int maxEntries = 10_000;

    private static ClusterImage imageWithTopic() {
        ClusterImage empty = ClusterImage.EMPTY;
        return new ClusterImage(
                empty.version(),
                empty.clusterId(),
                empty.controller(),
                empty.brokers(),
                empty.topics().plus("orders", new TopicImage("orders", TopicId.ZERO, TreePVector.empty(), false)),
                empty.topicNames(),
                empty.configs()
                        .plus(ConfigResourceName.topic("orders"), new ConfigImage(Map.of("segment.ms", "100000"))),
                empty.features(),
                empty.access());
    }

    private DescribeConfigsResponseData answer(int version, DescribeConfigsRequestData request) {
        DescribeConfigsHandler handler =
                new DescribeConfigsHandler(1, () -> image, () -> config, authorizer, new TestingLoggers(), maxEntries);
        RequestContext context = new RequestContext(
                CALLER,
                (short) version,
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                false,
                ClientSoftware.UNKNOWN,
                0,
                Runnable::run, PeerWatch.NONE);
        Reply.Outcome<DescribeConfigsResponseData> outcome =
                handler.handle(context, request).outcomeNow();
        DescribeConfigsResponseData answer = ((Reply.Outcome.Answer<DescribeConfigsResponseData>) outcome).message();
        // what reaches the client is what the version can carry
        return new DescribeConfigsResponseData(
                new ByteBufferAccessor(MessageUtil.toByteBufferAccessor(answer, (short) version)
                        .buffer()),
                (short) version);
    }

    private static DescribeConfigsResource resource(ConfigResource.Type type, String name, List<String> keys) {
        return new DescribeConfigsResource()
                .setResourceType(type.id())
                .setResourceName(name)
                .setConfigurationKeys(keys);
    }

    private DescribeConfigsResult describe(ConfigResource.Type type, String name, List<String> keys) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(resource(type, name, keys)))
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true);
        return answer(4, request).results().getFirst();
    }

    @Test
    void shouldTellATopicsSettings() {
        DescribeConfigsResult result = describe(ConfigResource.Type.TOPIC, "orders", List.of("segment.ms", "no.such"));

        assertThat(result.errorCode()).isZero();
        assertThat(result.errorMessage()).isEmpty();
        DescribeConfigsResourceResult entry = result.configs().getFirst();
        assertThat(result.configs()).hasSize(1);
        assertThat(entry.value()).isEqualTo("100000");
        assertThat(entry.configSource()).isEqualTo((byte) 1);
        assertThat(entry.configType()).isEqualTo((byte) 5);
        assertThat(entry.documentation()).contains("A new segment is begun");
        assertThat(entry.synonyms()).singleElement().extracting("name").isEqualTo("segment.ms");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTellAllSettingsWhereNoneIsNamed(boolean empty) {
        assertThat(describe(ConfigResource.Type.TOPIC, "orders", empty ? List.of() : null)
                        .configs())
                .hasSizeGreaterThan(35);
        assertThat(describe(ConfigResource.Type.BROKER, "1", empty ? List.of() : null)
                        .configs())
                .hasSizeGreaterThan(300);
    }

    @Test
    void shouldTellWhatIsSetForAllBrokersAlone() {
        assertThat(describe(ConfigResource.Type.BROKER, "", null).configs())
                .singleElement()
                .extracting(DescribeConfigsResourceResult::name)
                .isEqualTo("log.segment.bytes");
    }

    @Test
    void shouldNeverTellASecret() {
        DescribeConfigsResourceResult entry = describe(
                        ConfigResource.Type.BROKER, "1", List.of("zookeeper.ssl.keystore.password"))
                .configs()
                .getFirst();

        assertThat(entry.isSensitive()).isTrue();
        assertThat(entry.value()).isNull();
        assertThat(entry.synonyms()).allMatch(synonym -> synonym.value() == null);
    }

    @Test
    void shouldTellTheLevelsOfLoggers() {
        DescribeConfigsResult result = describe(ConfigResource.Type.BROKER_LOGGER, "1", null);

        assertThat(result.configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("io.ottla", "root");
        assertThat(result.configs().getLast().value()).isEqualTo("WARN");
        assertThat(result.configs().getLast().configSource()).isEqualTo((byte) 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "ROOT"})
    void shouldKnowTheRootLoggerByBothOfItsNames(String name) {
        DescribeConfigsResult result = describe(ConfigResource.Type.BROKER_LOGGER, "1", List.of(name));

        assertThat(result.configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("root");
    }

    @Test
    void shouldTellOfGroupsAndSubscriptionsEvenWhereNothingIsSet() {
        assertThat(describe(ConfigResource.Type.GROUP, "g", null).configs()).hasSize(17);
        assertThat(describe(ConfigResource.Type.CLIENT_METRICS, "m", null).configs())
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOPIC | nope | UNKNOWN_TOPIC_OR_PARTITION | ''",
                "TOPIC | '' | INVALID_TOPIC_EXCEPTION | Topic name is invalid: the empty string is not allowed",
                "TOPIC | a b | INVALID_TOPIC_EXCEPTION | ",
                "BROKER | 77 | INVALID_REQUEST | Unexpected broker id, expected 1 or empty string, but received 77",
                "BROKER | x | INVALID_REQUEST | Broker id must be an integer, but it is: x",
                "BROKER_LOGGER | 2 | INVALID_REQUEST | Unexpected broker id, expected 1 but received 2",
                "BROKER_LOGGER | '' | INVALID_REQUEST | Broker id must not be empty",
                "GROUP | '' | INVALID_REQUEST | Group name must not be empty",
                "CLIENT_METRICS | '' | INVALID_REQUEST | Client metrics subscription name must not be empty",
                "UNKNOWN | x | INVALID_REQUEST | ",
            })
    void shouldRefuseWhatIsNotThere(ConfigResource.Type type, String name, Errors error, String message) {
        DescribeConfigsResult result = describe(type, name, null);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.resourceType()).isEqualTo(type.id());
        assertThat(result.resourceName()).isEqualTo(name);
        assertThat(result.configs()).isEmpty();
        if (message != null) {
            assertThat(result.errorMessage()).isEqualTo(message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, orders, TOPIC_AUTHORIZATION_FAILED",
        "TOPIC, nope, TOPIC_AUTHORIZATION_FAILED",
        "BROKER, 1, CLUSTER_AUTHORIZATION_FAILED",
        "BROKER_LOGGER, 1, CLUSTER_AUTHORIZATION_FAILED",
        "CLIENT_METRICS, m, CLUSTER_AUTHORIZATION_FAILED",
        "GROUP, g, GROUP_AUTHORIZATION_FAILED"
    })
    void shouldTellNothingToWhoMayNotSee(ConfigResource.Type type, String name, Errors error) {
        authorizer = new Authorizer() {
            @Override
            public boolean allows(Caller caller, AclOperation operation, ResourceType resource, String on) {
                return operation != AclOperation.DESCRIBE_CONFIGS;
            }

            @Override
            public boolean allowsAny(Caller caller, AclOperation operation, ResourceType resource) {
                return false;
            }
        };

        DescribeConfigsResult result = describe(type, name, null);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.configs()).isEmpty();
    }

    @Test
    void shouldSpeakEveryVersion() {
        for (short version = ApiKeys.DESCRIBE_CONFIGS.oldestVersion();
                version <= ApiKeys.DESCRIBE_CONFIGS.latestVersion();
                version++) {
            DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                    .setResources(List.of(resource(ConfigResource.Type.TOPIC, "orders", List.of("segment.ms"))));

            DescribeConfigsResourceResult entry =
                    answer(version, request).results().getFirst().configs().getFirst();

            assertThat(entry.value()).isEqualTo("100000");
            assertThat(entry.synonyms()).isEmpty();
            if (version >= 3) {
                assertThat(entry.documentation()).isNull();
            }
        }
    }

    @Test
    void shouldNotMakeAnAnswerWithoutBoundOfASmallRequest() {
        maxEntries = 500;
        List<DescribeConfigsResource> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(resource(ConfigResource.Type.BROKER, "1", null));
        }

        List<DescribeConfigsResult> results =
                answer(4, new DescribeConfigsRequestData().setResources(many)).results();

        assertThat(results).hasSize(50);
        assertThat(results.get(0).errorCode()).isZero();
        assertThat(Errors.forCode(results.get(49).errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(results.stream().mapToInt(result -> result.configs().size()).sum())
                .isLessThan(1000);
    }
}
