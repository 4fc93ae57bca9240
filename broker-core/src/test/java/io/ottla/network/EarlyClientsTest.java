package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Who comes before the broker knows the cluster waits, and is served when it does. */
class EarlyClientsTest {
    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> echo =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                begun.add(request.generationId());
                return Reply.of(new HeartbeatResponseData().setThrottleTimeMs(request.generationId()));
            });

    @Test
    void shouldLetClientsWaitAndAnswerInOrderThen() throws Exception {
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect();
                TestingClient other = server.connect()) {
            // given  a broker that does not know the cluster yet, and a client that wants something
            server.dispatcher.holdClients();
            client.send(heartbeat(1), 4);
            client.send(heartbeat(2), 4);
            // when, then  what nobody needs the cluster for is answered meanwhile
            other.send(new ApiVersionsRequestData(), 0);
            assertThat(other.receive().correlationId()).isZero();
            assertThat(begun).isEmpty();
            // when
            server.dispatcher.serveClients();
            // then
            for (int i = 1; i <= 2; i++) {
                assertThat(((HeartbeatResponseData) client.receive().body(ApiKeys.HEARTBEAT, (short) 4))
                                .throttleTimeMs())
                        .isEqualTo(i);
            }
            assertThat(begun).containsExactly(1, 2);
            // and    who comes now does not wait
            other.send(heartbeat(3), 4);
            other.receive();
            assertThat(begun).containsExactly(1, 2, 3);
        }
    }

    @Test
    void shouldSendClientsAwayWhereItStopsBefore() throws Exception {
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect()) {
            // given  a client that is let in, and wants something
            client.send(new ApiVersionsRequestData(), 0);
            client.receive();
            server.dispatcher.holdClients();
            client.send(heartbeat(1), 4);
            // when
            server.server.stopAccepting();
            // then
            assertThat(client.isClosedByServer()).isTrue();
            server.dispatcher.serveClients();
            assertThat(begun).isEmpty();
        }
    }

    private static HeartbeatRequestData heartbeat(int generation) {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m").setGenerationId(generation);
    }
}
