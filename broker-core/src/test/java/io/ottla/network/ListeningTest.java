package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.config.NetworkProperties;
import org.junit.jupiter.api.Test;

/** Whether other brokers can connect, as the probe for liveness asks. */
class ListeningTest {
    @Test
    void shouldListenAsLongAsTheListenerOfBrokersIsOpen() throws Exception {
        NetworkProperties properties = TestingServer.PROPERTIES;
        try (TestingServer server = new TestingServer(properties)) {
            assertThat(properties.interBrokerListener()).isEqualTo(TestingServer.PLAINTEXT.name());
            assertThat(server.server.isListening()).isTrue();

            // when
            server.server.stopAccepting();

            // then
            await().until(() -> !server.server.isListening());
        }
    }
}
