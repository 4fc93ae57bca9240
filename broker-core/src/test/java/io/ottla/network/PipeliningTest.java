package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Requests begin in order, answers leave in order, whatever order they end in. */
class PipeliningTest {
    private final List<Reply<FindCoordinatorResponseData>> begun = new CopyOnWriteArrayList<>();
    private final ApiHandler<FindCoordinatorRequestData, FindCoordinatorResponseData> waiting =
            TestingServer.handler(ApiKeys.FIND_COORDINATOR, (context, request) -> {
                Reply<FindCoordinatorResponseData> reply =
                        request.key().equals("unordered") ? Reply.unordered() : Reply.later();
                begun.add(reply);
                return reply;
            });
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> echo = TestingServer.handler(
            ApiKeys.HEARTBEAT,
            (context, request) -> Reply.of(new HeartbeatResponseData().setThrottleTimeMs(request.generationId())));

    @Test
    void shouldAnswerManyRequestsThatCameAtOnce() throws Exception {
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect()) {
            // given  a thousand requests in one write
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                burst.write(TestingClient.frame(heartbeat(i), (short) 4, i));
            }

            // when   they are sent
            client.sendBytes(burst.toByteArray());

            // then   each is answered, in order
            for (int i = 0; i < 1000; i++) {
                TestingClient.Answer answer = client.receive();
                assertThat(answer.correlationId()).isEqualTo(i);
                assertThat(((HeartbeatResponseData) answer.body(ApiKeys.HEARTBEAT, (short) 4)).throttleTimeMs())
                        .isEqualTo(i);
            }
            assertThat(server.counted("kafka_network_requestmetrics_requests_total"))
                    .isEqualTo(1000);
            assertThat(server.counted("kafka_network_requestmetrics_errors_total"))
                    .isEqualTo(1000);
            assertThat(server.counted("kafka_network_requestmetrics_totaltimems"))
                    .isEqualTo(1000);
        }
    }

    @Test
    void shouldUnderstandBytesThatComeOneByOne() throws Exception {
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                for (byte b : TestingClient.frame(heartbeat(i), (short) 4, i)) {
                    client.sendBytes(new byte[] {b});
                }
                assertThat(client.receive().correlationId()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldAnswerInOrderWhatEndsInAnother() throws Exception {
        try (TestingServer server = new TestingServer(waiting, echo);
                TestingClient client = server.connect()) {
            // given  two requests that wait and one that does not
            client.send(new FindCoordinatorRequestData().setKey("a"), 1);
            client.send(new FindCoordinatorRequestData().setKey("b"), 1);
            client.send(heartbeat(7), 4);
            await().until(() -> begun.size() == 2);

            // when   the second ends before the first
            begun.get(1).complete(new FindCoordinatorResponseData().setHost("second"));
            begun.get(0).complete(new FindCoordinatorResponseData().setHost("first"));

            // then   the answers come as the requests did
            assertThat(((FindCoordinatorResponseData) client.receive().body(ApiKeys.FIND_COORDINATOR, (short) 1))
                            .host())
                    .isEqualTo("first");
            assertThat(((FindCoordinatorResponseData) client.receive().body(ApiKeys.FIND_COORDINATOR, (short) 1))
                            .host())
                    .isEqualTo("second");
            assertThat(client.receive().correlationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldBeginTheNextOnlyWhenTheFirstIsOrdered() throws Exception {
        try (TestingServer server = new TestingServer(waiting);
                TestingClient client = server.connect()) {
            // given  a request whose place is not fixed, and one after it
            client.send(new FindCoordinatorRequestData().setKey("unordered"), 1);
            client.send(new FindCoordinatorRequestData().setKey("next"), 1);
            await().until(() -> begun.size() == 1);
            await().during(100, TimeUnit.MILLISECONDS).until(() -> begun.size() == 1);

            // when   its first stage ends, on another thread
            begun.get(0).markOrdered();

            // then   the next begins, though the first is not answered
            await().until(() -> begun.size() == 2);
            begun.get(1).complete(new FindCoordinatorResponseData().setHost("next"));
            begun.get(0).complete(new FindCoordinatorResponseData().setHost("unordered"));
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.receive().correlationId()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotPipelineOverTheFirstApiVersions() throws Exception {
        // given  a connection that asks for versions and goes on at once
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect()) {
            client.send(new ApiVersionsRequestData().setClientSoftwareName("t").setClientSoftwareVersion("1"), 4);
            client.send(heartbeat(1), 4);

            // then   it gets both
            ApiVersionsResponseData versions =
                    (ApiVersionsResponseData) client.receive().body(ApiKeys.API_VERSIONS, (short) 4);
            assertThat(versions.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(versions.apiKeys().valuesList())
                    .extracting(key -> ApiKeys.forId(key.apiKey()))
                    .containsExactly(ApiKeys.HEARTBEAT, ApiKeys.API_VERSIONS);
            assertThat(client.receive().correlationId()).isEqualTo(1);
        }
    }

    private static HeartbeatRequestData heartbeat(int number) {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m").setGenerationId(number);
    }
}
