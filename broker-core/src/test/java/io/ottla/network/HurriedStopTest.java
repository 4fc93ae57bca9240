package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** A server that stops lets nobody wait for more to come, and waits for what has to be. */
class HurriedStopTest {
    private final List<Reply<HeartbeatResponseData>> needed = new CopyOnWriteArrayList<>();
    private final List<Reply<FetchResponseData>> waiting = new CopyOnWriteArrayList<>();

    /** Answers when it is told to. */
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> needing =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                Reply<HeartbeatResponseData> reply = Reply.later();
                needed.add(reply);
                return reply;
            });

    /** Answers when it is hurried. */
    private final ApiHandler<FetchRequestData, FetchResponseData> longPoll =
            TestingServer.handler(ApiKeys.FETCH, (context, request) -> {
                Reply<FetchResponseData> reply = Reply.later();
                waiting.add(reply);
                return reply.hurriedBy(() -> reply.complete(new FetchResponseData().setSessionId(7)));
            });

    private static HeartbeatRequestData heartbeat() {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m");
    }

    @Test
    void shouldAnswerWhoWaitsForMore() throws Exception {
        TestingServer server = new TestingServer(needing, longPoll);
        try (TestingClient one = server.connect();
                TestingClient other = server.connect()) {
            // given  two who wait, one of them behind an answer that has to be
            one.send(new FetchRequestData(), 12);
            other.send(heartbeat(), 4);
            other.send(new FetchRequestData(), 12);
            await().until(() -> waiting.size() == 2 && needed.size() == 1);

            // when
            server.server.stopAccepting();

            // then
            assertThat(((FetchResponseData) one.receive().body(ApiKeys.FETCH, (short) 12)).sessionId())
                    .isEqualTo(7);
            assertThat(one.isClosedByServer()).isTrue();
            needed.getFirst().complete(new HeartbeatResponseData());
            assertThat(other.receive().correlationId()).isZero();
            assertThat(other.receive().correlationId()).isEqualTo(1);
            assertThat(other.isClosedByServer()).isTrue();
        } finally {
            server.close();
        }
    }

    @Test
    void shouldAnswerAtOnceWhatWasSentBeforeTheStopAndBegunAfterIt() throws Exception {
        TestingServer server = new TestingServer(
                TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                    Reply<HeartbeatResponseData> reply = Reply.unordered();
                    needed.add(reply);
                    return reply;
                }),
                longPoll);
        try (TestingClient client = server.connect()) {
            // given  a request that others behind it can't overtake
            client.sendBytes(both());
            await().until(() -> needed.size() == 1);

            // when
            server.server.stopAccepting();
            needed.getFirst().complete(new HeartbeatResponseData());

            // then
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.receive().correlationId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
        } finally {
            server.close();
        }
    }

    private static byte[] both() {
        byte[] first = TestingClient.frame(heartbeat(), (short) 4, 0);
        byte[] second = TestingClient.frame(new FetchRequestData(), (short) 12, 1);
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
