package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.api.Reply;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.quota.Quotas;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be answered closes its own connection and no other. */
class RefusalTest {
    private static final Listener SASL = new Listener("SASL", SecurityProtocol.SASL_PLAINTEXT, "127.0.0.1", 0);

    @Test
    void shouldCloseOnlyTheConnectionThatSendsNonsense() throws Exception {
        try (TestingServer server = echo();
                TestingClient good = server.connect()) {
            good.send(heartbeat(), 4);
            assertThat(good.receive().correlationId()).isZero();
            List<byte[]> nonsense = List.of(
                    bytes(-1),
                    bytes(Integer.MAX_VALUE),
                    bytes(3, 0),
                    request(9999, 0),
                    request(ApiKeys.HEARTBEAT.id, 99),
                    request(ApiKeys.HEARTBEAT.id, 4, 0x7fff7fff),
                    "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            for (byte[] bytes : nonsense) {
                // given  a request before it
                try (TestingClient bad = server.connect()) {
                    bad.send(heartbeat(), 4);
                    bad.sendBytes(bytes);

                    // then   what came before is answered, and that is all
                    assertThat(bad.receive().correlationId()).isZero();
                    assertThat(bad.isClosedByServer()).isTrue();
                }
            }
            good.send(heartbeat(), 4);
            assertThat(good.receive().correlationId()).isEqualTo(1);
            assertThat(server.counted("ottla_network_connections_refused_total"))
                    .isEqualTo(nonsense.size());
        }
    }

    @Test
    void shouldAnswerAnUnknownVersionOfApiVersionsInVersionZero() throws Exception {
        try (TestingServer server = echo();
                TestingClient client = server.connect()) {
            client.sendBytes(request(ApiKeys.API_VERSIONS.id, 77));

            ApiVersionsResponseData answer =
                    (ApiVersionsResponseData) client.receive().body(ApiKeys.API_VERSIONS, (short) 0);
            assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                    .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());

            // and    the client may ask again in one that is known
            client.send(new ApiVersionsRequestData(), 0);
            assertThat(client.receive()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "x-", "a b", "a_b", "é"})
    void shouldRefuseSoftwareNamesThatAreNone(String name) throws Exception {
        try (TestingServer server = echo();
                TestingClient client = server.connect()) {
            client.send(new ApiVersionsRequestData().setClientSoftwareName(name).setClientSoftwareVersion("1.0"), 3);
            ApiVersionsResponseData answer =
                    (ApiVersionsResponseData) client.receive().body(ApiKeys.API_VERSIONS, (short) 3);
            assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        }
    }

    @Test
    void shouldReserveNothingForWhatStrangersAnnounce() throws Exception {
        // given  a listener that authenticates, and many who announce 100 MiB each (CVE-2022-34917)
        NetworkProperties properties = TestingServer.PROPERTIES.withListeners(SASL);
        try (TestingServer server = new TestingServer(
                properties,
                Quotas.unlimited(),
                Map.of(SecurityProtocol.SASL_PLAINTEXT, ListenerSecurity.plaintext()),
                true)) {
            List<TestingClient> strangers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                TestingClient stranger = server.connect();
                stranger.sendBytes(bytes((100 << 20) - 1));
                strangers.add(stranger);
            }

            // then   each is closed, and no memory was reserved
            for (TestingClient stranger : strangers) {
                assertThat(stranger.isClosedByServer()).isTrue();
                stranger.close();
            }
            assertThat(server.counted("kafka_network_socketserver_memorypoolused"))
                    .isZero();

            // and    only authentication is served before it
            try (TestingClient early = server.connect()) {
                early.send(new ApiVersionsRequestData(), 0);
                assertThat(early.receive()).isNotNull();
                early.send(heartbeat(), 4);
                assertThat(early.isClosedByServer()).isTrue();
            }
        }
    }

    @Test
    void shouldNameSettingAndAddressOfAPortInUse() throws Exception {
        try (TestingServer server = echo()) {
            NetworkProperties same = TestingServer.PROPERTIES.withListeners(
                    new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", server.port()));
            assertThatThrownBy(() -> new TestingServer(same))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("listeners")
                    .hasMessageContaining("PLAINTEXT://127.0.0.1:" + server.port());
        }
    }

    @Test
    void shouldRefuseAListenerWhoseProtocolNobodySetUp() {
        assertThatThrownBy(() -> new TestingServer(TestingServer.PROPERTIES.withListeners(SASL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SASL_PLAINTEXT");
    }

    @Test
    void shouldAnswerForAHandlerThatBreaks() throws Exception {
        try (TestingServer server = new TestingServer(TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                    throw new IllegalStateException("on purpose");
                }));
                TestingClient client = server.connect()) {
            client.send(heartbeat(), 4);
            client.send(heartbeat(), 4);
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.receive().correlationId()).isEqualTo(1);
        }
    }

    @Test
    void shouldAnswerWhatAPeerAskedBeforeItEndedItsSide() throws Exception {
        // given  a request that is answered later, from a peer that then ends its side
        List<Reply<HeartbeatResponseData>> begun = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (TestingServer server = new TestingServer(TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                    Reply<HeartbeatResponseData> reply = Reply.later();
                    begun.add(reply);
                    return reply;
                }));
                TestingClient client = server.connect()) {
            client.send(heartbeat(), 4);
            client.socket().shutdownOutput();
            await().until(() -> begun.size() == 1);

            // when   it is answered
            begun.get(0).complete(new HeartbeatResponseData());

            // then   the answer arrives, and then the end
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
            await().until(() -> server.server.connections() == 0);
        }
    }

    private static TestingServer echo() throws java.io.IOException {
        return new TestingServer(
                TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> Reply.of(new HeartbeatResponseData())));
    }

    private static HeartbeatRequestData heartbeat() {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m");
    }

    private static byte[] bytes(int length, int... content) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * content.length).putInt(length);
        for (int i : content) {
            bytes.putInt(i);
        }
        return bytes.array();
    }

    private static byte[] request(int key, int version, int... content) {
        ByteBuffer bytes = ByteBuffer.allocate(12 + 4 * content.length).putInt(8 + 4 * content.length);
        bytes.putShort((short) key).putShort((short) version).putInt(5);
        for (int i : content) {
            bytes.putInt(i);
        }
        return bytes.array();
    }
}
