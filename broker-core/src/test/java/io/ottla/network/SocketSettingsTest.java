package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.ottla.config.BrokerConfig;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Listener;
import io.ottla.quota.Quotas;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The buffers that the system gives a connection's socket. */
class SocketSettingsTest {
    private static final Listener LISTENER = new Listener("SEEN", SecurityProtocol.SSL, "127.0.0.1", 0);

    private final List<Channel> accepted = new CopyOnWriteArrayList<>();

    /** Linux grants twice what it is asked for, and says so. */
    @ParameterizedTest
    @CsvSource({
        "socket.send.buffer.bytes, 20000, 20000, 40000",
        "socket.send.buffer.bytes, -1, 50000, 2147483647",
        "socket.send.buffer.bytes, 102400, 204801, 2147483647",
        "socket.receive.buffer.bytes, 20000, 20000, 40000",
        "socket.receive.buffer.bytes, 102400, 50000, 204799",
        "socket.receive.buffer.bytes, -1, 50000, 2147483647"
    })
    void shouldBeAsLargeAsSet(String name, String value, int atLeast, int atMost) throws Exception {
        ListenerSecurity looking = new ListenerSecurity() {
            @Override
            public ChannelHandler tls(Channel channel) {
                accepted.add(channel);
                return null;
            }

            @Override
            public ChannelHandler sasl(Channel channel) {
                return null;
            }
        };
        NetworkProperties properties =
                BrokerConfig.of(Map.of(name, value)).network().withListeners(LISTENER);
        try (TestingServer server =
                        new TestingServer(properties, Quotas.unlimited(), Map.of(SecurityProtocol.SSL, looking), true);
                TestingClient client = server.connect()) {
            assertThat(client.socket().isConnected()).isTrue();
            await().until(() -> !accepted.isEmpty());
            ChannelOption<Integer> option = name.contains("send") ? ChannelOption.SO_SNDBUF : ChannelOption.SO_RCVBUF;
            assertThat(accepted.getFirst().config().getOption(option)).isBetween(atLeast, atMost);
        }
    }
}
