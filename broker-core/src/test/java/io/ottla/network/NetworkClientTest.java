package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.api.Reply;
import io.ottla.concurrent.Threads;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.BrokerId;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkClientTest {
    private static final BrokerId PEER = new BrokerId(1);
    private static final PeerClient.Lane LANE = new PeerClient.Lane(PEER, PeerClient.Purpose.REPLICATION);
    private final Clock clock = Clock.system();
    private final TimerWheel timer = new TimerWheel(clock, Threads.single("client-timer"));
    private final EventLoops loops = new EventLoops(1, 1, true);
    private volatile Endpoint endpoint;
    private final Metrics metrics = new Metrics();
    private final NetworkClient client =
            new NetworkClient(loops, id -> endpoint, "broker-0", 1 << 20, clock, timer, metrics);
    private final List<Reply<HeartbeatResponseData>> held = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        client.close();
        loops.close();
        timer.close();
    }

    @Test
    void shouldGetEachCallItsOwnAnswer() throws Exception {
        try (TestingServer server = echo()) {
            endpoint = at(server.port());
            List<CompletableFuture<ApiMessage>> answers = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                answers.add(send(i, 10_000));
            }
            for (int i = 0; i < 500; i++) {
                ApiMessage answer = answers.get(i).get(10, TimeUnit.SECONDS);
                assertThat(((HeartbeatResponseData) answer).throttleTimeMs()).isEqualTo(i);
            }
            assertThat(server.server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldFailAtOnceWhenNobodyListens() throws Exception {
        // given  a port that nobody listens on
        try (ServerSocket free = new ServerSocket(0)) {
            endpoint = at(free.getLocalPort());
        }

        // when   a call with a long time is made, then it fails long before
        CompletableFuture<ApiMessage> answer = send(1, 60_000);
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(DisconnectException.class);
    }

    @Test
    void shouldConnectAgainAfterItsPeerCameBack() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            endpoint = at(free.getLocalPort());
        }
        assertThatThrownBy(() -> send(1, 60_000).get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(DisconnectException.class);

        // when   it is back, elsewhere
        try (TestingServer server = echo()) {
            endpoint = at(server.port());

            // then   the next call reaches it
            ApiMessage answer = send(2, 10_000).get(10, TimeUnit.SECONDS);
            assertThat(((HeartbeatResponseData) answer).throttleTimeMs()).isEqualTo(2);
        }

        // and    its end is noticed
        await().untilAsserted(() -> assertThatThrownBy(() -> send(3, 60_000).get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(DisconnectException.class));
    }

    @Test
    void shouldFailACallThatIsNotAnsweredInTimeAndGoOn() throws Exception {
        try (TestingServer server = new TestingServer(TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
            if (((HeartbeatRequestData) request).generationId() == 0) {
                Reply<HeartbeatResponseData> reply = Reply.later();
                held.add(reply);
                return reply;
            }
            return Reply.of(new HeartbeatResponseData());
        }))) {
            endpoint = at(server.port());
            CompletableFuture<ApiMessage> answer = send(0, 50);
            assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);

            // then   a later call is answered, on a connection of its own
            assertThat(send(1, 10_000).get(10, TimeUnit.SECONDS)).isInstanceOf(HeartbeatResponseData.class);
            held.forEach(reply -> reply.complete(new HeartbeatResponseData()));
        }
    }

    @Test
    void shouldSayThatABrokerIsNotKnown() {
        endpoint = null;
        assertThatThrownBy(() -> send(1, 1_000).get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(DisconnectException.class)
                .hasMessageContaining("not known");
    }

    @Test
    void shouldLookUpHostNamesOffTheLoop() throws Exception {
        try (TestingServer server = echo()) {
            endpoint = new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "localhost", server.port());
            assertThat(send(1, 10_000).get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** Of a size that is received into a buffer of its own, and of one that shares its buffer. */
    @ParameterizedTest
    @ValueSource(ints = {100, 500_000})
    void shouldShowRecordsWhereTheyWereReceived(int bytes) throws Exception {
        // given
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[bytes]));
        try (TestingServer server = new TestingServer(
                TestingServer.handler(ApiKeys.FETCH, (context, request) -> Reply.of(answerWith(records))))) {
            endpoint = at(server.port());
            BlockingQueue<String> seen = new LinkedBlockingQueue<>();

            // when
            for (int i = 0; i < 3; i++) {
                client.fetch(LANE, new FetchRequestData(), (short) 12, 10_000, (answer, failure) -> {
                    MemoryRecords found = (MemoryRecords) ((FetchResponseData) answer)
                            .responses()
                            .getFirst()
                            .partitions()
                            .getFirst()
                            .records();
                    found.batches().forEach(MutableRecordBatch::ensureValid);
                    seen.add(found.buffer().isDirect() + " " + found.buffer().equals(records.buffer()));
                });
            }

            // then   each got its own, and none was copied
            for (int i = 0; i < 3; i++) {
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("true true");
            }
        }
    }

    @Test
    void shouldGoOnWhereAReceiverFails() throws Exception {
        try (TestingServer server = echo()) {
            endpoint = at(server.port());
            client.fetch(LANE, new HeartbeatRequestData(), (short) 0, 10_000, (answer, failure) -> {
                throw new IllegalStateException("for the test");
            });
            CompletableFuture<ApiMessage> next = client.send(LANE, new HeartbeatRequestData(), (short) 0, 10_000)
                    .toCompletableFuture();
            assertThat(next.get(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(server.server.connections()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellWhoFetchesThatNobodyListens() throws Exception {
        try (ServerSocket free = new ServerSocket(0)) {
            endpoint = at(free.getLocalPort());
        }
        CompletableFuture<Throwable> why = new CompletableFuture<>();
        client.fetch(LANE, new FetchRequestData(), (short) 12, 10_000, (answer, failure) -> why.complete(failure));
        assertThat(why.get(10, TimeUnit.SECONDS)).isInstanceOf(DisconnectException.class);
    }

    @Test
    void shouldCloseOnAnAnswerThatIsTooLarge() throws Exception {
        try (ServerSocket peer = new ServerSocket(0)) {
            endpoint = at(peer.getLocalPort());
            CompletableFuture<ApiMessage> answer = send(1, 60_000);
            try (var socket = peer.accept()) {
                socket.getOutputStream().write(new byte[] {0x7f, 0, 0, 0});
                assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(DisconnectException.class);
            }
        }
    }

    @Test
    @Moves({
        "ottla_network_peer_failures_total",
        "ottla_network_peer_requests_in_flight",
        "ottla_network_peer_requests_total"
    })
    void shouldCountWhatItAsks(Movement movement) throws Exception {
        // given  a peer that does not answer
        try (TestingServer server = new TestingServer(
                TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> Reply.<HeartbeatResponseData>later()))) {
            endpoint = at(server.port());
            movement.watch(metrics);
            // when   it is asked, waited for, and given up
            CompletableFuture<ApiMessage> answer = send(0, 500);
            await().until(() -> movement.sees("ottla_network_peer_requests_in_flight"));
            assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void shouldTellAProcessThatIsGoneFromOneThatListens() throws Exception {
        try (ServerSocket peer = new ServerSocket(0)) {
            endpoint = at(peer.getLocalPort());
            assertThat(probe()).isEqualTo(PeerClient.Presence.LISTENING);
        }
        assertThat(probe()).isEqualTo(PeerClient.Presence.REFUSED);
        endpoint = null;
        assertThat(probe()).isEqualTo(PeerClient.Presence.SILENT);
    }

    private PeerClient.Presence probe() throws Exception {
        return client.probe(PEER, 5_000).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<ApiMessage> send(int number, long timeoutMs) {
        return client.send(
                        new PeerClient.Lane(PEER, PeerClient.Purpose.CONTROL),
                        new HeartbeatRequestData()
                                .setGroupId("g")
                                .setMemberId("m")
                                .setGenerationId(number),
                        (short) 4,
                        timeoutMs)
                .toCompletableFuture();
    }

    private static FetchResponseData answerWith(MemoryRecords records) {
        FetchResponseData.PartitionData partition = new FetchResponseData.PartitionData().setRecords(records);
        return new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic("t")
                        .setPartitions(List.of(partition))));
    }

    private static TestingServer echo() throws IOException {
        return new TestingServer(TestingServer.handler(
                ApiKeys.HEARTBEAT,
                (context, request) -> Reply.of(new HeartbeatResponseData()
                        .setThrottleTimeMs(((HeartbeatRequestData) request).generationId()))));
    }

    private static Endpoint at(int port) {
        return new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", port);
    }
}
