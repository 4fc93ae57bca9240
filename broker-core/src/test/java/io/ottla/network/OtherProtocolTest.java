package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.TestingLines;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak something else than the listener does. */
class OtherProtocolTest {
    /** The line that the server writes for a connection that begins with these bytes; it names the peer. */
    private static String line(byte[] bytes) throws Exception {
        try (TestingServer server = new TestingServer();
                TestingLines lines = TestingLines.of(Connection.class);
                TestingClient client = server.connect()) {
            client.sendBytes(bytes);
            assertThat(client.isClosedByServer()).isTrue();
            await().until(() -> !lines.all().isEmpty());
            List<String> all = lines.all();
            assertThat(all).hasSize(1);
            assertThat(all.getFirst())
                    .startsWith("WARN Closing the connection of /127.0.0.1:"
                            + client.socket().getLocalPort() + " on PLAINTEXT: ");
            return all.getFirst();
        }
    }

    /** What the JDK sends first. */
    private static byte[] clientHello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("broker", 9092);
        engine.setUseClientMode(true);
        ByteBuffer sent = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), sent);
        byte[] hello = new byte[sent.position()];
        sent.flip().get(hello);
        return hello;
    }

    static Stream<byte[]> handshakes() throws Exception {
        return Stream.of(
                clientHello(),
                HexFormat.of().parseHex("160300002d"),
                HexFormat.of().parseHex("1603040200"));
    }

    @ParameterizedTest
    @MethodSource("handshakes")
    void shouldSayThatAClientSpeaksTls(byte[] bytes) throws Exception {
        assertThat(line(bytes)).contains("a TLS handshake", "plain text", "security.protocol");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "POST /v3 HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\n",
                "OPTIONS * HTTP/1.1"
            })
    void shouldSayThatAClientSpeaksHttp(String request) throws Exception {
        assertThat(line(request.getBytes(StandardCharsets.US_ASCII)))
                .contains("a request of HTTP (" + request.substring(0, 4).trim() + ")", "server.port");
    }

    @Test
    void shouldNameAnApiThatIsNotServed() throws Exception {
        String header = "000000000000ffff"; // version, correlation id, no client id
        assertThat(line(HexFormat.of().parseHex("0000000a0011" + header)))
                .endsWith("but got SaslHandshake (key 17), version 0");
        assertThat(line(HexFormat.of().parseHex("0000000a7000" + header))).endsWith("but got key 28672, version 0");
    }

    @Test
    void shouldTellOtherLengthsAsTheyAre() throws Exception {
        assertThat(line(HexFormat.of().parseHex("ffffffff"))).endsWith("but its length says -1");
        assertThat(line(HexFormat.of().parseHex("16030500"))).endsWith("but its length says " + 0x16030500);
        assertThat(line("GOT ".getBytes(StandardCharsets.US_ASCII))).endsWith("but its length says " + 0x474f5420);
    }
}
