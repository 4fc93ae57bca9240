package io.ottla.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageVersion;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.protocol.Api;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Enveloped;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Principal;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request for the controller, from the broker that it came in at to the controller and back, as bytes in between. */
class ForwardingTest implements PeerClient, Timer, Clock {
    private static final BrokerId HERE = new BrokerId(1);
    private static final BrokerId THERE = new BrokerId(2);
    private static final short VERSION = 5;

    /** What the controller's handler was asked. */
    private final List<RequestContext> contexts = new ArrayList<>();

    private final List<CreateTopicsRequestData> requests = new ArrayList<>();
    /** What it answers: one error after the other, then none. */
    private final Deque<Errors> errors = new ArrayDeque<>();

    private final List<PeerClient.Lane> lanes = new ArrayList<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private final ApiHandler<CreateTopicsRequestData, CreateTopicsResponseData> creation = new Creation();
    private final CompletableFuture<Void> shownHere = new CompletableFuture<>();
    private final List<ImageVersion> awaited = new ArrayList<>();
    private BrokerId controller = THERE;
    private int throttleMs;
    private ClusterImage decided = ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(4), 17));
    private long nowMs;
    private EnvelopeHandler envelopes;
    private ForwardingControllerChannel channel;
    private Caller caller;

    private final class Creation implements ApiHandler<CreateTopicsRequestData, CreateTopicsResponseData> {
        @Override
        public ApiSpec<CreateTopicsRequestData, CreateTopicsResponseData> spec() {
            return ApiSpec.of(
                            ApiKeys.CREATE_TOPICS,
                            (CreateTopicsRequestData request, Errors error) -> new CreateTopicsResponseData(),
                            CreateTopicsResponseData::setThrottleTimeMs)
                    .answeredByController(CreateTopicsResponseData::throttleTimeMs);
        }

        @Override
        public Reply<CreateTopicsResponseData> handle(RequestContext context, CreateTopicsRequestData request) {
            contexts.add(context);
            requests.add(request);
            Errors error = errors.isEmpty() ? Errors.NONE : errors.poll();
            CreateTopicsResponseData answer = new CreateTopicsResponseData();
            request.topics()
                    .forEach(topic -> answer.topics()
                            .add(new CreatableTopicResult()
                                    .setName(topic.name())
                                    .setErrorCode(error.code())));
            return Reply.of(answer).throttled(throttleMs);
        }
    }

    @BeforeEach
    void open() throws Exception {
        caller =
                new Caller(new Principal("User", "alice"), InetAddress.getByAddress(new byte[] {10, 0, 0, 7}), "app-1");
        envelopes = new EnvelopeHandler(
                List.of(creation),
                new RequestDispatcher(
                        ApiRegistry.of(List.of(creation)),
                        Authorizer.allowAll(),
                        Quotas.unlimited(),
                        (who, request, version, deadlineNs) ->
                                CompletableFuture.failedFuture(new IllegalStateException("forwarded twice")),
                        () -> true,
                        this,
                        new Metrics()),
                () -> decided,
                this);
        channel = new ForwardingControllerChannel(
                HERE,
                new ForwardingControllerChannel.Ports(
                        () -> controller,
                        this,
                        List.of(creation),
                        version -> {
                            awaited.add(version);
                            return shownHere;
                        },
                        this,
                        this));
    }

    @Override
    public long wallMs() {
        return nowMs;
    }

    @Override
    public long monotonicNs() {
        return nowMs * 1_000_000;
    }

    @Override
    public Timeout schedule(long delayMs, Runnable task) {
        Runnable later = () -> {
            nowMs += delayMs;
            task.run();
        };
        timers.add(later);
        return () -> timers.remove(later);
    }

    @Override
    public CompletionStage<Presence> probe(BrokerId broker, long timeoutMs) {
        return CompletableFuture.completedFuture(Presence.LISTENING);
    }

    /** The network: what is sent comes out of bytes at the other end, and so does the answer. */
    @Override
    public CompletionStage<ApiMessage> send(Lane lane, ApiMessage request, short version, long timeoutMs) {
        lanes.add(lane);
        if (!failures.isEmpty()) {
            return CompletableFuture.failedFuture(failures.poll());
        }
        ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(request, version);
        return CompletableFuture.completedFuture(envelope(new EnvelopeRequestData(bytes, version)));
    }

    private EnvelopeResponseData envelope(EnvelopeRequestData request) {
        Reply<EnvelopeResponseData> reply = envelopes.handle(
                new RequestContext(
                        new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "broker-1"),
                        (short) 0,
                        "INTERNAL",
                        SecurityProtocol.PLAINTEXT,
                        true,
                        ClientSoftware.UNKNOWN,
                        monotonicNs(),
                        Runnable::run,
                        PeerWatch.NONE),
                request);
        ApiMessage answer = ((Reply.Outcome.Answer<EnvelopeResponseData>) reply.outcomeNow()).message();
        return new EnvelopeResponseData(MessageUtil.toByteBufferAccessor(answer, (short) 0), (short) 0);
    }

    private static CreateTopicsRequestData creation(String topic) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1234);
        request.topics()
                .add(new CreatableTopic().setName(topic).setNumPartitions(3).setReplicationFactor((short) 2));
        return request;
    }

    private CompletableFuture<ApiMessage> create() {
        return channel.forward(caller, creation("t"), VERSION, 1_000 * 1_000_000L)
                .toCompletableFuture();
    }

    private static Errors error(CompletableFuture<ApiMessage> answer) {
        CreateTopicsResponseData created = (CreateTopicsResponseData) answer.getNow(null);
        return Errors.forCode(created.topics().find("t").errorCode());
    }

    @Test
    void shouldAskTheControllerAsTheCallerAndWaitForWhatItSays() {
        // when
        CompletableFuture<ApiMessage> answer = create();
        // then   the handler there sees who asked here, and what
        assertThat(lanes).containsExactly(new Lane(THERE, Purpose.CONTROL));
        assertThat(contexts.getFirst().caller()).isEqualTo(caller);
        assertThat(contexts.getFirst().apiVersion()).isEqualTo(VERSION);
        assertThat(requests.getFirst().timeoutMs()).isEqualTo(1234);
        assertThat(requests.getFirst().topics().find("t").numPartitions()).isEqualTo(3);
        // then   the answer is handed out when this broker shows the controller's image
        assertThat(answer).isNotDone();
        assertThat(awaited).containsExactly(new ImageVersion(new ControllerEpoch(4), 17));
        shownHere.complete(null);
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(timers).isEmpty();
    }

    @Test
    void shouldHoldTheClientBackForAsLongAsTheControllerSays() throws Exception {
        // given  the client's own broker, and a controller whose quota is used up
        shownHere.complete(null);
        throttleMs = 700;
        RequestDispatcher here = new RequestDispatcher(
                ApiRegistry.of(List.of(creation)),
                Authorizer.allowAll(),
                Quotas.unlimited(),
                channel,
                () -> false,
                this,
                new Metrics());
        RequestSource client = new RequestSource(
                "PLAIN", SecurityProtocol.PLAINTEXT, false, InetAddress.getLoopbackAddress(), Runnable::run);
        client.authenticate(Principal.ANONYMOUS);
        ByteBuffer frame = Enveloped.request(Api.of(ApiKeys.CREATE_TOPICS), VERSION, "app-1", creation("t"));
        // when
        Exchange exchange = (Exchange) here.dispatch(client, new BoundedReadable().over(frame, 4), 0, 0);
        // then   its connection here is muted, as the answer tells it
        assertThat(exchange.throttleMs()).isEqualTo(700);
        CreateTopicsResponseData answer = (CreateTopicsResponseData)
                ((Reply.Outcome.Answer<?>) exchange.reply().outcomeNow()).message();
        assertThat(answer.throttleTimeMs()).isEqualTo(700);
    }

    @Test
    void shouldHandOutTheAnswerThoughItDoesNotShowHere() {
        CompletableFuture<ApiMessage> answer = create();
        timers.poll().run();
        assertThat(error(answer)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAskHereWhereThisBrokerIsTheController() {
        controller = HERE;
        assertThat(error(create())).isEqualTo(Errors.NONE);
        assertThat(lanes).isEmpty();
        assertThat(contexts.getFirst().caller()).isEqualTo(caller);
    }

    @Test
    void shouldFindTheControllerAnew() {
        // given  nobody is the controller, then one that is deposed, is gone, was none, and then this broker, in vain
        controller = BrokerId.NONE;
        shownHere.complete(null);
        CompletableFuture<ApiMessage> answer = create();
        assertThat(lanes).isEmpty();
        controller = THERE;
        errors.add(Errors.NOT_CONTROLLER);
        timers.poll().run();
        assertThat(lanes).hasSize(1);
        failures.add(new DisconnectException("gone"));
        timers.poll().run();
        assertThat(lanes).hasSize(2);
        ClusterImage before = decided;
        decided = null;
        timers.poll().run();
        assertThat(lanes).hasSize(3);
        assertThat(requests).hasSize(1);
        controller = HERE;
        errors.add(Errors.NOT_CONTROLLER);
        timers.poll().run();
        assertThat(requests).hasSize(2);
        assertThat(answer).isNotDone();
        // when
        controller = THERE;
        decided = before;
        errors.add(Errors.TOPIC_ALREADY_EXISTS);
        timers.poll().run();
        // then
        assertThat(error(answer)).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void shouldGiveUpAtTheDeadline() {
        controller = BrokerId.NONE;
        CompletableFuture<ApiMessage> answer = create();
        while (!answer.isDone()) {
            timers.poll().run();
        }
        assertThat(answer.exceptionNow()).isInstanceOf(NotControllerException.class);
        assertThat(nowMs).isBetween(1_000L, 1_200L);
    }

    @Test
    void shouldPassOnWhatIsNoMatterOfFindingTheController() {
        failures.add(new org.apache.kafka.common.errors.TimeoutException("silent"));
        assertThat(create().exceptionNow()).isInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
    }

    @Test
    void shouldTakeOnlyWhatAControllerAnswers() {
        EnvelopeRequestData wrong = new EnvelopeRequestData()
                .setRequestPrincipal(Enveloped.principal("User", "alice"))
                .setClientHostAddress(new byte[] {10, 0, 0, 7});
        // an API that no controller answers, an envelope in an envelope, no request at all, a version that is not
        // served
        wrong.setRequestData(Enveloped.request(Api.of(ApiKeys.METADATA), (short) 9, "", new MetadataRequestData()));
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        wrong.setRequestData(Enveloped.request(
                Api.of(ApiKeys.ENVELOPE),
                (short) 0,
                "",
                new EnvelopeRequestData().setRequestData(ByteBuffer.allocate(3))));
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        wrong.setRequestData(ByteBuffer.allocate(2));
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        wrong.setRequestData(ByteBuffer.wrap(new byte[] {0, 19, 0, 99, 0, 0, 0, 0, 0, 0, 0}));
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        // a body that is cut off, a caller without address, a principal that is none
        wrong.setRequestData(ByteBuffer.wrap(new byte[] {0, 19, 0, 5, 0, 0, 0, 0, 0, 0, 0, 3}));
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        wrong.setClientHostAddress(new byte[3]);
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        wrong.setRequestPrincipal(new byte[] {0, 7});
        assertThat(envelope(wrong).errorCode()).isEqualTo(Errors.PRINCIPAL_DESERIALIZATION_FAILURE.code());
        assertThat(requests).isEmpty();
    }

    @Test
    void shouldBeForBrokersAlone() {
        for (ApiHandler<?, ?> handler : List.of(
                envelopes,
                new AlterPartitionHandler(proposal -> CompletableFuture.completedFuture(List.of())),
                ControllerApis.lostReplicas(lost -> CompletableFuture.completedFuture(Optional.empty())),
                ControllerApis.renewedSecrets(renewed -> CompletableFuture.completedFuture(Optional.empty())))) {
            assertThat(handler.spec().interBrokerOnly()).isTrue();
            assertThat(handler.spec().clusterOperation()).isEqualTo(AclOperation.CLUSTER_ACTION);
        }
    }
}
