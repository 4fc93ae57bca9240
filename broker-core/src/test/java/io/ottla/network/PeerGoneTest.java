package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Whoever waits for something hears that his peer has gone, whether he has answered or not. */
class PeerGoneTest {
    private final List<Integer> gone = new CopyOnWriteArrayList<>();
    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final List<Reply<HeartbeatResponseData>> held = new CopyOnWriteArrayList<>();

    /** Answers generation 0 at once, and others never. */
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> handler =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                int number = request.generationId();
                context.peer().whenGone(() -> gone.add(number));
                begun.add(number);
                if (number == 0) {
                    return Reply.of(new HeartbeatResponseData());
                }
                Reply<HeartbeatResponseData> reply = Reply.later();
                held.add(reply);
                return reply;
            });

    @Test
    void shouldTellTheLastWhoAsked() throws Exception {
        try (TestingServer server = new TestingServer(handler)) {
            try (TestingClient client = server.connect()) {
                client.send(heartbeat(1), 4);
                client.send(heartbeat(2), 4);
                await().until(() -> begun.size() == 2);
                assertThat(gone).isEmpty();
            }
            await().untilAsserted(() -> assertThat(gone).containsExactly(2));
            held.forEach(reply -> reply.complete(new HeartbeatResponseData()));
        }
    }

    @Test
    void shouldTellWhoHasAnsweredAlready() throws Exception {
        try (TestingServer server = new TestingServer(handler)) {
            try (TestingClient client = server.connect()) {
                client.send(heartbeat(0), 4);
                client.receive();
            }
            await().untilAsserted(() -> assertThat(gone).containsExactly(0));
        }
    }

    @Test
    void shouldTellAtOnceWhereOnlyThePeersSideIsClosedAndAnAnswerIsWaitedFor() throws Exception {
        try (TestingServer server = new TestingServer(handler);
                TestingClient client = server.connect()) {
            client.send(heartbeat(5), 4);
            await().until(() -> begun.size() == 1);

            // when   as the kernel does for a process that was killed
            client.socket().shutdownOutput();

            // then   once, and the answer still goes out
            await().untilAsserted(() -> assertThat(gone).containsExactly(5));
            held.forEach(reply -> reply.complete(new HeartbeatResponseData()));
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(gone).containsExactly(5);
        }
    }

    private static HeartbeatRequestData heartbeat(int number) {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m").setGenerationId(number);
    }
}
