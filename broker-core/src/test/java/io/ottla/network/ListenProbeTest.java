package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenProbeTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "0.0.0.0, 127.0.0.1", "127.0.0.1, 0.0.0.0"})
    void shouldFindAPortInUseAndLeaveAFreeOneFree(String taken, String wanted) throws IOException {
        int port;
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName(taken))) {
            port = listening.getLocalPort();
            assertThat(ListenProbe.refusal(new InetSocketAddress(wanted, port))).isEqualTo("it is in use");
        }
        assertThat(ListenProbe.refusal(new InetSocketAddress(wanted, port))).isNull();
        try (ServerSocket listening = new ServerSocket(port, 1, InetAddress.getByName(wanted))) {
            assertThat(listening.isBound()).isTrue();
        }
    }

    @Test
    void shouldNameListenerAndReason() {
        assertThat(ListenProbe.refusal(listener("192.0.2.1", 9092)))
                .contains("listeners", "PLAINTEXT://192.0.2.1:9092", "this machine does not have that address");
        assertThat(ListenProbe.refusal(listener("no.such.host.invalid", 9092)))
                .contains("listeners", "the host no.such.host.invalid is not known");
    }

    @Test
    void shouldSayTheSameAsWhoReallyListens() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Listener listener = listener("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> new TestingServer(NetworkProperties.DEFAULTS.withListeners(listener)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(ListenProbe.refusal(listener));
        }
    }

    private static Listener listener(String host, int port) {
        return new Listener("PLAINTEXT", SecurityProtocol.PLAINTEXT, host, port);
    }
}
