package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.config.BrokerConfig;
import io.ottla.config.TestingLoggers;
import io.ottla.metadata.ClusterImage;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import io.ottla.types.Principal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** The broker's part of changing configuration, with a controller that takes everything. */
class AlterConfigsHandlerTest {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;

    private final TestingLoggers loggers = new TestingLoggers();
    private final List<ApiMessage> handedOn = new ArrayList<>();
    private final List<Runnable> work = new ArrayList<>();
    private BrokerConfig config = BrokerConfig.of(Map.of("broker.id", "1"));
    private Failure refusal;
    private Authorizer authorizer = Authorizer.allowAll();
    private boolean controllerIsKnown = true;

    private AlterConfigsHandler.Ports ports() {
        OwnSettings real = OwnSettings.of(() -> config, new SplittableRandom(1));
        OwnSettings own = new OwnSettings() {
            @Override
            public Failure refusal(Map<String, String> settings, Set<String> asked, boolean forOne) {
                return refusal;
            }

            @Override
            public boolean canKeepSecrets() {
                return real.canKeepSecrets();
            }

            @Override
            public String keep(String secret) {
                return real.keep(secret);
            }
        };
        return new AlterConfigsHandler.Ports(
                1, () -> ClusterImage.EMPTY, own, loggers, authorizer, this::forward, work::add);
    }

    private CompletionStage<ApiMessage> forward(Caller caller, ApiMessage request, short version, long deadlineNs) {
        if (!controllerIsKnown) {
            return CompletableFuture.failedFuture(new NotControllerException("No controller is known"));
        }
        handedOn.add(request);
        return CompletableFuture.completedFuture(
                request instanceof AlterConfigsRequestData all
                        ? ConfigChange.replaced(
                                ConfigChange.of(all), nothing(all.resources().size()))
                        : ConfigChange.altered(
                                ConfigChange.of((IncrementalAlterConfigsRequestData) request),
                                nothing(((IncrementalAlterConfigsRequestData) request)
                                        .resources()
                                        .size())));
    }

    private static List<Failure> nothing(int count) {
        List<Failure> none = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            none.add(null);
        }
        return none;
    }

    private static RequestContext context() {
        return new RequestContext(
                new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "test"),
                (short) 1,
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                false,
                ClientSoftware.UNKNOWN,
                0,
                Runnable::run, PeerWatch.NONE);
    }

    private static AlterableConfig config(String name, byte operation, String value) {
        return new AlterableConfig().setName(name).setConfigOperation(operation).setValue(value);
    }

    private static AlterConfigsResource resource(ConfigResource.Type type, String name, AlterableConfig... configs) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        List.of(configs).forEach(resource.configs()::add);
        return resource;
    }

    private List<AlterConfigsResourceResponse> alter(boolean validateOnly, AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        List.of(resources).forEach(resource -> request.resources().add(resource.duplicate()));
        Reply<IncrementalAlterConfigsResponseData> reply =
                new AlterConfigsHandler<>(AlterConfigsKind.INCREMENTAL, ports()).handle(context(), request);
        work.forEach(Runnable::run);
        return ((Reply.Outcome.Answer<IncrementalAlterConfigsResponseData>) reply.outcomeNow())
                .message()
                .responses();
    }

    private Errors alterOne(AlterConfigsResource resource) {
        return Errors.forCode(alter(false, resource).getFirst().errorCode());
    }

    @Test
    void shouldHandOnWhatTheControllerDecidesAndAnswerInOrder() {
        List<AlterConfigsResourceResponse> results = alter(
                true,
                resource(ConfigResource.Type.BROKER, "7", config("log.segment.bytes", SET, "1000")),
                resource(
                        ConfigResource.Type.TOPIC,
                        "t",
                        config("segment.ms", SET, "1000"),
                        config("cleanup.policy", APPEND, "compact")),
                resource(ConfigResource.Type.BROKER_LOGGER, "1", config("io.ottla", SET, "DEBUG")),
                resource(ConfigResource.Type.GROUP, "g", config("consumer.session.timeout.ms", DELETE, null)));

        assertThat(results)
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.INVALID_REQUEST, Errors.NONE, Errors.NONE, Errors.NONE);
        assertThat(results)
                .extracting(AlterConfigsResourceResponse::resourceName)
                .containsExactly("7", "t", "1", "g");
        IncrementalAlterConfigsRequestData rest = (IncrementalAlterConfigsRequestData) handedOn.getFirst();
        assertThat(rest.validateOnly()).isTrue();
        assertThat(rest.resources())
                .extracting(AlterConfigsResource::resourceName)
                .containsExactly("t", "g");
        assertThat(rest.resources().iterator().next().configs())
                .extracting(AlterableConfig::configOperation)
                .containsExactly(SET, APPEND);
        assertThat(loggers.levels()).as("it was only asked").containsEntry("io.ottla", "INFO");
    }

    @Test
    void shouldSetLevelsOfItsOwnLoggers() {
        assertThat(alterOne(resource(
                        ConfigResource.Type.BROKER_LOGGER,
                        "1",
                        config("io.ottla", SET, "DEBUG"),
                        config("ROOT", SET, "FATAL"))))
                .isEqualTo(Errors.NONE);
        assertThat(loggers.levels()).containsEntry("io.ottla", "DEBUG").containsEntry("root", "FATAL");
        assertThat(alterOne(resource(ConfigResource.Type.BROKER_LOGGER, "1", config("io.ottla", DELETE, null))))
                .isEqualTo(Errors.NONE);
        assertThat(loggers.levels()).containsEntry("io.ottla", "FATAL");
    }

    @Test
    void shouldChangeAllLoggersOfARequestOrNone() {
        for (AlterableConfig bad : List.of(
                config("io.nowhere", SET, "DEBUG"),
                config("root", SET, "OFF"),
                config("root", SET, "debug"),
                config("io.nowhere", DELETE, null))) {
            assertThat(alterOne(
                            resource(ConfigResource.Type.BROKER_LOGGER, "1", config("io.ottla", SET, "DEBUG"), bad)))
                    .isEqualTo(Errors.INVALID_CONFIG);
        }
        for (AlterableConfig bad : List.of(config("root", DELETE, null), config("root", APPEND, "DEBUG"))) {
            assertThat(alterOne(
                            resource(ConfigResource.Type.BROKER_LOGGER, "1", config("io.ottla", SET, "DEBUG"), bad)))
                    .isEqualTo(Errors.INVALID_REQUEST);
        }
        assertThat(alterOne(resource(ConfigResource.Type.BROKER_LOGGER, "2", config("io.ottla", SET, "DEBUG"))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(loggers.levels()).isEqualTo(new TestingLoggers().levels());
        assertThat(handedOn).isEmpty();
    }

    @Test
    void shouldRefuseWhatMakesNoSenseInItself() {
        AlterConfigsResource twice =
                resource(ConfigResource.Type.TOPIC, "t", config("a", SET, "1"), config("a", SET, "2"));
        for (AlterConfigsResource bad : List.of(
                twice,
                resource(ConfigResource.Type.TOPIC, "t", config("a", SET, null)),
                resource(ConfigResource.Type.TOPIC, "t", config("a", APPEND, null)),
                resource(ConfigResource.Type.TOPIC, "t", config("a", (byte) 4, "1")),
                resource(ConfigResource.Type.TOPIC, "t", config("a", (byte) -1, "1")),
                resource(ConfigResource.Type.UNKNOWN, "t"),
                resource(ConfigResource.Type.CLIENT_METRICS, "m", config("interval.ms", SET, "1000")))) {
            assertThat(alterOne(bad)).isEqualTo(Errors.INVALID_REQUEST);
        }
        assertThat(alter(
                        false,
                        resource(ConfigResource.Type.TOPIC, "t"),
                        resource(ConfigResource.Type.TOPIC, "u"),
                        resource(ConfigResource.Type.TOPIC, "t")))
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.INVALID_REQUEST, Errors.NONE, Errors.INVALID_REQUEST);
    }

    @Test
    void shouldRefuseMoreResourcesThanItCanDoAtOnce() {
        AlterConfigsResource[] many = new AlterConfigsResource[ConfigChange.MAX_RESOURCES + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = resource(ConfigResource.Type.TOPIC, "t" + i);
        }

        assertThat(alter(false, many))
                .hasSize(many.length)
                .allMatch(result -> result.errorCode() == Errors.INVALID_REQUEST.code());
        assertThat(handedOn).isEmpty();
    }

    @Test
    void shouldHandOnAllThatReplacesAndRefuseLoggersThere() {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        for (ConfigResource.Type type : List.of(ConfigResource.Type.TOPIC, ConfigResource.Type.BROKER_LOGGER)) {
            AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(type.id())
                    .setResourceName("1");
            resource.configs()
                    .add(new AlterConfigsRequestData.AlterableConfig()
                            .setName("root")
                            .setValue("DEBUG"));
            request.resources().add(resource);
        }

        Reply<AlterConfigsResponseData> reply =
                new AlterConfigsHandler<>(AlterConfigsKind.REPLACING, ports()).handle(context(), request);

        assertThat(((Reply.Outcome.Answer<AlterConfigsResponseData>) reply.outcomeNow())
                        .message()
                        .responses())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(((AlterConfigsRequestData) handedOn.getFirst()).resources()).hasSize(1);
        assertThat(loggers.levels()).containsEntry("root", "WARN");
    }

    @Test
    void shouldHandOnSecretsEncryptedAndOnlyWithAKey() {
        AlterConfigsResource secret = resource(
                ConfigResource.Type.BROKER,
                "1",
                config("ssl.key.password", SET, "hunter2"),
                config("num.io.threads", SET, "4"));

        AlterConfigsResourceResponse without = alter(false, secret).getFirst();
        assertThat(Errors.forCode(without.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(without.errorMessage()).contains("password.encoder.secret");

        config = BrokerConfig.of(Map.of("broker.id", "1", "password.encoder.secret", "key"));
        assertThat(alterOne(secret)).isEqualTo(Errors.NONE);
        IncrementalAlterConfigsRequestData rest = (IncrementalAlterConfigsRequestData) handedOn.getFirst();
        assertThat(rest.toString()).doesNotContain("hunter2").contains("encryptedPassword:");
        assertThat(rest.resources().iterator().next().configs())
                .extracting(AlterableConfig::name)
                .containsExactly("ssl.key.password", "num.io.threads");
    }

    @Test
    void shouldRefuseWhatThisBrokerCanNotTake() {
        refusal = Failure.of(Errors.INVALID_CONFIG, "not here");

        assertThat(alterOne(resource(ConfigResource.Type.BROKER, "1", config("num.io.threads", SET, "4"))))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alterOne(resource(ConfigResource.Type.BROKER, "", config("num.io.threads", SET, "4"))))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alterOne(resource(ConfigResource.Type.BROKER, "01", config("num.io.threads", SET, "4"))))
                .as("one broker has one name")
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alterOne(resource(ConfigResource.Type.BROKER, "one", config("num.io.threads", SET, "4"))))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(handedOn).isEmpty();
    }

    @Test
    void shouldSayThatNoControllerIsKnown() {
        controllerIsKnown = false;

        assertThat(alterOne(resource(ConfigResource.Type.TOPIC, "t", config("segment.ms", SET, "1"))))
                .isEqualTo(Errors.NOT_CONTROLLER);
    }

    @Test
    void shouldChangeNothingForWhoMayNot() {
        authorizer = new Authorizer() {
            @Override
            public boolean allows(Caller caller, AclOperation operation, ResourceType resource, String on) {
                return operation != AclOperation.ALTER_CONFIGS;
            }

            @Override
            public boolean allowsAny(Caller caller, AclOperation operation, ResourceType resource) {
                return false;
            }
        };

        assertThat(alter(
                        false,
                        resource(ConfigResource.Type.TOPIC, "t", config("segment.ms", SET, "1")),
                        resource(ConfigResource.Type.GROUP, "g", config("consumer.session.timeout.ms", SET, "1")),
                        resource(ConfigResource.Type.BROKER, "1", config("num.io.threads", SET, "4")),
                        resource(ConfigResource.Type.BROKER_LOGGER, "1", config("root", SET, "DEBUG"))))
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(
                        Errors.TOPIC_AUTHORIZATION_FAILED,
                        Errors.GROUP_AUTHORIZATION_FAILED,
                        Errors.CLUSTER_AUTHORIZATION_FAILED,
                        Errors.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(handedOn).isEmpty();
        assertThat(loggers.levels()).isEqualTo(new TestingLoggers().levels());
    }
}
