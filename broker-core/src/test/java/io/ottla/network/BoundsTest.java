package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Connections;
import io.ottla.config.NetworkProperties.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Connections, memory, requests in flight and time are bounded. */
class BoundsTest {
    private static final int LARGE = 1 << 20;
    private final List<Reply<SyncGroupResponseData>> begun = new CopyOnWriteArrayList<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> echo =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                handled.incrementAndGet();
                return Reply.of(new HeartbeatResponseData());
            });
    /** Ends no stage before the test says so. */
    private final ApiHandler<SyncGroupRequestData, SyncGroupResponseData> slow =
            TestingServer.handler(ApiKeys.SYNC_GROUP, (context, request) -> {
                Reply<SyncGroupResponseData> reply = Reply.unordered();
                begun.add(reply);
                return reply;
            });

    @Test
    void shouldHoldNoMoreLargeRequestsThanTheBudgetAndServeThemInTurn() throws Exception {
        // given  a budget for one and a half large requests
        try (TestingServer server = new TestingServer(bounds(Limits.DEFAULTS, LARGE * 3L / 2), slow)) {
            List<TestingClient> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                TestingClient client = server.connect();
                int number = i;
                // A writer of its own: the socket takes no more while the server does not read.
                io.ottla.concurrent.Threads.single("writer-" + i)
                        .newThread(() -> {
                            try {
                                client.send(large(), 3);
                            } catch (java.io.IOException closed) {
                                throw new java.io.UncheckedIOException("client " + number, closed);
                            }
                        })
                        .start();
                clients.add(client);
            }

            // then   one is in memory at a time, and each gets its turn
            for (int i = 0; i < 5; i++) {
                int done = i;
                await().until(() -> begun.size() == done + 1);
                assertThat(server.counted("kafka_network_socketserver_memorypoolused"))
                        .isLessThanOrEqualTo(LARGE * 3L / 2);
                begun.get(i).complete(new SyncGroupResponseData());
            }
            for (TestingClient client : clients) {
                assertThat(client.receive().correlationId()).isZero();
                client.close();
            }
            await().untilAsserted(() -> assertThat(server.counted("kafka_network_socketserver_memorypoolused"))
                    .isZero());
        }
    }

    @Test
    void shouldCloseWhoHoldsMemoryThatOthersWaitForAndSendsNothing() throws Exception {
        Limits limits = limits(64, 300, 1 << 20);
        try (TestingServer server = new TestingServer(bounds(limits, LARGE * 3L / 2), slow);
                TestingClient stalled = server.connect();
                TestingClient honest = server.connect()) {
            // given  half a request, and one that waits for its memory
            byte[] frame = TestingClient.frame(large(), (short) 3, 0);
            stalled.sendBytes(java.util.Arrays.copyOf(frame, frame.length / 2));
            await().until(() -> server.counted("kafka_network_socketserver_memorypoolused") > 0);
            honest.socket().setSendBufferSize(4 << 20);
            io.ottla.concurrent.Threads.single("honest")
                    .newThread(() -> {
                        try {
                            honest.send(large(), 3);
                        } catch (java.io.IOException closed) {
                            throw new java.io.UncheckedIOException(closed);
                        }
                    })
                    .start();

            // then   the one that stalls is closed, the other is served
            assertThat(stalled.isClosedByServer()).isTrue();
            await().until(() -> begun.size() == 1);
            begun.get(0).complete(new SyncGroupResponseData());
            assertThat(honest.receive().correlationId()).isZero();
        }
    }

    @Test
    void shouldRefuseAnAddressThatHasTooManyConnections() throws Exception {
        Connections two =
                new Connections(Integer.MAX_VALUE, Map.of(), 10, Map.of("127.0.0.1", 2), Integer.MAX_VALUE, Map.of());
        try (TestingServer server = new TestingServer(bounds(two), echo);
                TestingClient first = server.connect();
                TestingClient second = server.connect()) {
            roundTrip(first);
            roundTrip(second);
            try (TestingClient third = server.connect()) {
                assertThat(third.isClosedByServer()).isTrue();
            }

            // and    room that becomes free is given away
            first.socket().close();
            await().until(() -> server.server.connections() == 1);
            try (TestingClient fourth = server.connect()) {
                roundTrip(fourth);
            }
        }
    }

    @Test
    void shouldLetConnectionsWaitWhileTheBrokerIsFull() throws Exception {
        NetworkProperties.Listener clients = new NetworkProperties.Listener(
                "CLIENT", org.apache.kafka.common.security.auth.SecurityProtocol.PLAINTEXT, "127.0.0.1", 0);
        Connections one = new Connections(1, Map.of(), Integer.MAX_VALUE, Map.of(), Integer.MAX_VALUE, Map.of());
        NetworkProperties properties =
                bounds(one).withListeners(clients, TestingServer.PLAINTEXT).withInterBrokerListener("PLAINTEXT");
        try (TestingServer server = new TestingServer(properties, echo);
                TestingClient first = server.connect()) {
            roundTrip(first);
            try (TestingClient second = server.connect()) {
                // given  a second one that is not accepted
                second.send(heartbeat(), 4);
                await().during(150, TimeUnit.MILLISECONDS).until(() -> server.server.connections() == 1);

                // and    a broker that is, all the same
                try (TestingClient broker = new TestingClient(server.server.boundPort("PLAINTEXT"))) {
                    roundTrip(broker);
                }

                // when   the first leaves, then the second is served
                first.socket().close();
                assertThat(second.receive().correlationId()).isZero();
            }
        }
    }

    @Test
    void shouldHoldTheBoundAlsoWhereBrokersShareTheOnlyListenerWithClients() throws Exception {
        Connections one = new Connections(1, Map.of(), Integer.MAX_VALUE, Map.of(), Integer.MAX_VALUE, Map.of());
        try (TestingServer server = new TestingServer(bounds(one), echo);
                TestingClient first = server.connect()) {
            roundTrip(first);
            try (TestingClient second = server.connect()) {
                second.send(heartbeat(), 4);
                await().during(150, TimeUnit.MILLISECONDS).until(() -> server.server.connections() == 1);
                first.socket().close();
                assertThat(second.receive().correlationId()).isZero();
            }
        }
    }

    @Test
    void shouldAcceptNoFasterThanAllowed() throws Exception {
        Connections rate = new Connections(Integer.MAX_VALUE, Map.of(), Integer.MAX_VALUE, Map.of(), 20, Map.of());
        NetworkProperties properties = bounds(rate)
                .withListeners(
                        new NetworkProperties.Listener(
                                "CLIENT",
                                org.apache.kafka.common.security.auth.SecurityProtocol.PLAINTEXT,
                                "127.0.0.1",
                                0),
                        TestingServer.PLAINTEXT)
                .withInterBrokerListener("PLAINTEXT");
        try (TestingServer server = new TestingServer(properties, echo)) {
            // given  a second's worth, and half a second's more
            List<TestingClient> clients = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < 30; i++) {
                clients.add(server.connect());
            }
            for (TestingClient client : clients) {
                roundTrip(client);
                client.close();
            }

            // then   those waited
            assertThat(System.nanoTime() - begin).isGreaterThan(400_000_000L);
        }
    }

    @Test
    void shouldCloseIdleConnectionsButNotThoseThatWait() throws Exception {
        NetworkProperties properties =
                TestingServer.PROPERTIES.withBounds(Connections.UNLIMITED, Limits.DEFAULTS, 150, -1);
        try (TestingServer server = new TestingServer(properties, slow, echo);
                TestingClient waiting = server.connect();
                TestingClient idle = server.connect()) {
            waiting.send(new SyncGroupRequestData(), 3);
            roundTrip(idle);

            assertThat(idle.isClosedByServer()).isTrue();
            await().during(400, TimeUnit.MILLISECONDS).until(() -> server.server.connections() == 1);
            begun.get(0).complete(new SyncGroupResponseData());
            assertThat(waiting.receive().correlationId()).isZero();
            assertThat(waiting.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldBeginNoMoreThanTheBoundAndGoOnWhenAnswersLeave() throws Exception {
        List<Reply<SyncGroupResponseData>> all = new CopyOnWriteArrayList<>();
        ApiHandler<SyncGroupRequestData, SyncGroupResponseData> later =
                TestingServer.handler(ApiKeys.SYNC_GROUP, (context, request) -> {
                    Reply<SyncGroupResponseData> reply = Reply.later();
                    all.add(reply);
                    return reply;
                });
        try (TestingServer server = new TestingServer(bounds(limits(4, 10_000, 1 << 20), -1), later);
                TestingClient client = server.connect()) {
            for (int i = 0; i < 10; i++) {
                client.send(new SyncGroupRequestData(), 3);
            }
            await().until(() -> all.size() == 4);
            await().during(100, TimeUnit.MILLISECONDS).until(() -> all.size() == 4);

            for (int i = 0; i < 10; i++) {
                int at = i;
                await().until(() -> all.size() > at);
                all.get(i).complete(new SyncGroupResponseData());
                assertThat(client.receive().correlationId()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldBeginNothingForWhoDoesNotReadItsAnswers() throws Exception {
        byte[] much = new byte[64 << 10];
        AtomicInteger asked = new AtomicInteger();
        ApiHandler<SyncGroupRequestData, SyncGroupResponseData> generous =
                TestingServer.handler(ApiKeys.SYNC_GROUP, (context, request) -> {
                    asked.incrementAndGet();
                    return Reply.of(new SyncGroupResponseData().setAssignment(much));
                });
        try (TestingServer server = new TestingServer(bounds(limits(64, 10_000, 256 << 10), -1), generous, echo);
                TestingClient slowReader = new TestingClient(server.port(), 4096);
                TestingClient other = server.connect()) {
            for (int i = 0; i < 500; i++) {
                slowReader.send(new SyncGroupRequestData(), 3);
            }
            // given  a reader that takes nothing: its requests are not begun after a while
            await().during(200, TimeUnit.MILLISECONDS).until(() -> asked.get() < 100);
            roundTrip(other);

            // when   it reads, then it gets everything
            for (int i = 0; i < 500; i++) {
                assertThat(slowReader.receive().correlationId()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldMuteAThrottledConnectionAndSayForHowLong() throws Exception {
        ApiHandler<HeartbeatRequestData, HeartbeatResponseData> throttled = TestingServer.handler(
                ApiKeys.HEARTBEAT, (answer, ms) -> answer.setThrottleTimeMs(ms), (context, request) -> {
                    handled.incrementAndGet();
                    Reply<HeartbeatResponseData> reply = Reply.of(new HeartbeatResponseData());
                    return handled.get() == 1 ? reply.throttled(300) : reply;
                });
        try (TestingServer server = new TestingServer(throttled);
                TestingClient client = server.connect()) {
            long begin = System.nanoTime();
            client.send(heartbeat(), 4);
            client.send(heartbeat(), 4);

            // then   the first is answered at once, and the second begins when its time is over
            HeartbeatResponseData first =
                    (HeartbeatResponseData) client.receive().body(ApiKeys.HEARTBEAT, (short) 4);
            assertThat(first.throttleTimeMs()).isEqualTo(300);
            assertThat(System.nanoTime() - begin).isLessThan(250_000_000L);
            assertThat(handled).hasValue(1);
            assertThat(client.receive().correlationId()).isEqualTo(1);
            assertThat(System.nanoTime() - begin).isGreaterThan(300_000_000L);
        }
    }

    @Test
    void shouldHangUpAfterTheAnswersBeforeAndStayQuietWhereNobodyAsked() throws Exception {
        ApiHandler<HeartbeatRequestData, HeartbeatResponseData> mixed =
                TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                    Reply<HeartbeatResponseData> reply = Reply.later();
                    switch (request.generationId()) {
                        case 0 -> reply.complete(new HeartbeatResponseData());
                        case 1 -> reply.end(new Reply.Outcome.Silence<>());
                        case 2 -> context.loop().execute(() -> reply.complete(new HeartbeatResponseData()));
                        default -> reply.end(new Reply.Outcome.Hangup<>(Errors.NOT_LEADER_OR_FOLLOWER, "acks=0"));
                    }
                    return reply;
                });
        try (TestingServer server = new TestingServer(mixed);
                TestingClient client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(heartbeat().setGenerationId(i), 4);
            }
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.receive().correlationId()).isEqualTo(2);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldAnswerWhatWasBegunBeforeItStops() throws Exception {
        TestingServer server = new TestingServer(slow);
        try (server;
                TestingClient client = server.connect();
                TestingClient quiet = server.connect()) {
            client.send(new SyncGroupRequestData(), 3);
            await().until(() -> begun.size() == 1);

            // when   the server stops
            server.server.stopAccepting();
            assertThat(quiet.isClosedByServer()).isTrue();
            begun.get(0).complete(new SyncGroupResponseData());

            // then   the answer still leaves
            assertThat(client.receive().correlationId()).isZero();
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private void roundTrip(TestingClient client) throws Exception {
        client.send(heartbeat(), 4);
        client.receive();
    }

    private static HeartbeatRequestData heartbeat() {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m");
    }

    private static SyncGroupRequestData large() {
        return new SyncGroupRequestData()
                .setAssignments(List.of(new SyncGroupRequestData.SyncGroupRequestAssignment()
                        .setMemberId("m")
                        .setAssignment(new byte[LARGE])));
    }

    private static NetworkProperties bounds(Connections connections) {
        return TestingServer.PROPERTIES.withBounds(connections, Limits.DEFAULTS, 600_000, -1);
    }

    private static NetworkProperties bounds(Limits limits, long budget) {
        return TestingServer.PROPERTIES.withBounds(Connections.UNLIMITED, limits, 600_000, budget);
    }

    private static Limits limits(int inFlight, long stalledMs, int highWater) {
        Limits d = Limits.DEFAULTS;
        return new Limits(
                inFlight,
                d.maxInFlightBytes(),
                d.preAuthenticationMaxBytes(),
                highWater,
                highWater / 4,
                d.inlineSliceBytes(),
                d.answerPieceBytes(),
                d.coldReadThreads(),
                d.coldReadQueue(),
                d.interBrokerRequestBytes(),
                stalledMs,
                d.stopGraceMs());
    }
}
