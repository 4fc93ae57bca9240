package io.ottla.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class ProbeTest {
    @Test
    void shouldAskABrokerWhatAnyBrokerUnderstands() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<RequestHeader> asked = CompletableFuture.supplyAsync(() -> answer(server));

            assertThat(Probe.BROKER.isAnswered(
                            new InetSocketAddress("127.0.0.1", server.getLocalPort()), Duration.ofMinutes(1)))
                    .isTrue();
            assertThat(asked.join().apiKey()).isEqualTo(ApiKeys.API_VERSIONS);
            assertThat(asked.join().apiVersion()).isZero();
        }
    }

    private static RequestHeader answer(ServerSocket server) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] frame = in.readNBytes(in.readInt());
            socket.getOutputStream().write(0);
            return RequestHeader.parse(ByteBuffer.wrap(frame));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldTakeSilenceAndRefusalForNoAnswer() throws IOException {
        InetSocketAddress address;
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            address = new InetSocketAddress("127.0.0.1", silent.getLocalPort());
            assertThat(Probe.BROKER.isAnswered(address, Duration.ofMillis(200))).isFalse();
        }
        assertThat(Probe.ZOOKEEPER.isAnswered(address, Duration.ofMillis(200))).isFalse();
    }
}
