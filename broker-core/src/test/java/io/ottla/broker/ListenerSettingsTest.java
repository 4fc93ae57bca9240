package io.ottla.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.config.NetworkProperties.Listener;
import io.ottla.zookeeper.TestingZooKeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of where a broker listens, and of what it says of that, as clients see them. */
final class ListenerSettingsTest {
    private static final String TWO = "CLIENT://127.0.0.1:0,PEER://127.0.0.1:0";
    private static final String BOTH_PLAINTEXT = "CLIENT:PLAINTEXT,PEER:PLAINTEXT";

    @TempDir
    Path folder;

    @AutoClose
    private final TestingZooKeeper zooKeeper = new TestingZooKeeper();

    private TestingBroker start(Map<String, String> settings) throws Exception {
        return new TestingBroker(zooKeeper.address(), folder.resolve("logs"), settings);
    }

    @Test
    void shouldListenByEachNameInItsProtocol() throws Exception {
        try (TestingBroker ottla = start(Map.of("listeners", TWO, "listener.security.protocol.map", BOTH_PLAINTEXT))) {
            assertThat(ottla.broker().listeners()).extracting(Listener::name).containsExactly("CLIENT", "PEER");
            for (Listener listener : ottla.broker().listeners()) {
                assertThat(isServed(listener.port())).isTrue();
            }
        }
    }

    @Test
    void shouldNeedTheProtocolOfEachName() {
        assertThatThrownBy(() -> start(Map.of("listeners", TWO)))
                .hasMessageContaining("the protocol of CLIENT in listener.security.protocol.map");
        assertThatThrownBy(() -> start(
                        Map.of("listeners", TWO, "listener.security.protocol.map", "CLIENT:PLAINTEXT,PEER:NOISE")))
                .hasMessageContaining("PEER:NOISE");
    }

    /** What tells the listener among brokers apart here is that a broker full of clients still lets brokers in. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT:PLAINTEXT;PEER:PLAINTEXT, CLIENT://127.0.0.1:0;PEER://127.0.0.1:0, PEER, 1",
        "CLIENT:PLAINTEXT;PEER:PLAINTEXT, CLIENT://127.0.0.1:0;PEER://127.0.0.1:0, CLIENT, 0",
        // where no listener is named, it is the one that is named like the protocol
        "CLIENT:PLAINTEXT;PLAINTEXT:PLAINTEXT, CLIENT://127.0.0.1:0;PLAINTEXT://127.0.0.1:0, '', 1"
    })
    void shouldKeepTheListenerAmongBrokersFreeOfClientsLimits(
            String protocols, String listeners, String interBroker, int among) throws Exception {
        try (TestingBroker ottla = start(Map.of(
                        "listeners",
                        listeners.replace(';', ','),
                        "listener.security.protocol.map",
                        protocols.replace(';', ','),
                        "inter.broker.listener.name",
                        interBroker,
                        "max.connections",
                        "1"));
                Socket first = connect(port(ottla, 1 - among))) {
            assertThat(first.isConnected()).isTrue();
            await().until(() -> !isServed(port(ottla, 1 - among)));
            assertThat(isServed(port(ottla, among))).isTrue();
        }
    }

    @Test
    void shouldNeedAListenerOfTheProtocolAmongBrokers() {
        assertThatThrownBy(() -> start(Map.of("security.inter.broker.protocol", "SASL_SSL")))
                .hasMessageContaining("security.inter.broker.protocol");
        assertThatThrownBy(() -> start(Map.of("inter.broker.listener.name", "OTHER")))
                .hasMessageContaining("inter.broker.listener.name = OTHER");
    }

    private static int port(TestingBroker ottla, int listener) {
        return ottla.broker().listeners().get(listener).port();
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Whether a new connection is answered within half a second. */
    static boolean isServed(int port) {
        try (Socket socket = connect(port)) {
            return answers(socket);
        } catch (IOException closed) {
            return false;
        }
    }

    static boolean answers(Socket socket) throws IOException {
        socket.setSoTimeout(500);
        // ApiVersions 0 with correlation id 7 and no client id
        socket.getOutputStream().write(new byte[] {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, -1, -1});
        return socket.getInputStream().readNBytes(8).length == 8;
    }
}
