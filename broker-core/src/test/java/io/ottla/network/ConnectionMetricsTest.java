package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.ApiHandler;
import io.ottla.api.Reply;
import io.ottla.config.NetworkProperties;
import io.ottla.config.NetworkProperties.Connections;
import io.ottla.config.NetworkProperties.Limits;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** What connections, loops and request memory show when they are used. */
class ConnectionMetricsTest {
    private static final int LARGE = 1 << 20;
    private static final long SPIN_NS = 30_000_000;

    private final List<Reply<FindCoordinatorResponseData>> begun = new CopyOnWriteArrayList<>();
    private final ApiHandler<FindCoordinatorRequestData, FindCoordinatorResponseData> waiting =
            TestingServer.handler(ApiKeys.FIND_COORDINATOR, (context, request) -> {
                Reply<FindCoordinatorResponseData> reply =
                        request.key().equals("unordered") ? Reply.unordered() : Reply.later();
                begun.add(reply);
                return reply;
            });
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> echo =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> Reply.of(new HeartbeatResponseData()));
    private final ApiHandler<HeartbeatRequestData, HeartbeatResponseData> spinning =
            TestingServer.handler(ApiKeys.HEARTBEAT, (context, request) -> {
                long began = System.nanoTime();
                long now;
                do {
                    now = System.nanoTime();
                } while (now - began < SPIN_NS);
                return Reply.of(new HeartbeatResponseData());
            });
    private final ApiHandler<SyncGroupRequestData, SyncGroupResponseData> generous = TestingServer.handler(
            ApiKeys.SYNC_GROUP,
            (context, request) -> Reply.of(new SyncGroupResponseData().setAssignment(new byte[LARGE])));

    @Test
    @Moves({
        "kafka_network_requestmetrics_requests_total",
        "kafka_network_requestmetrics_errors_total",
        "kafka_network_requestmetrics_requestbytes",
        "kafka_network_requestmetrics_totaltimems",
        "kafka_network_requestmetrics_localtimems",
        "kafka_network_requestmetrics_requestqueuetimems",
        "kafka_network_socketserver_networkprocessoravgidle_percent",
        "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
        "ottla_network_loop_stalls_total",
        "ottla_network_loop_stall_ms"
    })
    void shouldCountAndTimeRequestsAndWhatTheyTakeOfTheLoops(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(spinning);
                TestingClient client = server.connect()) {
            movement.watch(server.metrics);

            // when   two requests come at once and hold their loop
            client.sendBytes(together(
                    TestingClient.frame(heartbeat(), (short) 4, 0), TestingClient.frame(heartbeat(), (short) 4, 1)));
            client.receive();
            client.receive();

            // then
            await().until(() -> movement.sees("ottla_network_loop_stalls_total"));
        }
    }

    @Test
    @Moves({
        "kafka_network_requestmetrics_remotetimems",
        "kafka_network_requestmetrics_responsequeuetimems",
        "kafka_network_requestchannel_responsequeuesize"
    })
    void shouldShowAnswersThatWaitForEarlierOnes(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(waiting);
                TestingClient client = server.connect()) {
            // given
            movement.watch(server.metrics);
            client.send(new FindCoordinatorRequestData().setKey("a"), 1);
            client.send(new FindCoordinatorRequestData().setKey("b"), 1);
            await().until(() -> begun.size() == 2);

            // when   the second is ready first
            begun.get(1).complete(new FindCoordinatorResponseData());
            assertThat(server.counted("kafka_network_requestchannel_responsequeuesize"))
                    .isEqualTo(1);
            movement.look();
            begun.get(0).complete(new FindCoordinatorResponseData());
            client.receive();
            client.receive();

            // then   none is left
            assertThat(server.counted("kafka_network_requestchannel_responsequeuesize"))
                    .isZero();
        }
    }

    @Test
    @Moves("kafka_network_requestchannel_requestqueuesize")
    void shouldShowRequestsThatLeftTheirLoop(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(waiting);
                TestingClient client = server.connect()) {
            // given
            movement.watch(server.metrics);
            client.send(new FindCoordinatorRequestData().setKey("unordered"), 1);
            await().until(() -> server.counted("kafka_network_requestchannel_requestqueuesize") == 1);
            movement.look();

            // when
            begun.get(0).complete(new FindCoordinatorResponseData());

            // then
            client.receive();
            assertThat(server.counted("kafka_network_requestchannel_requestqueuesize"))
                    .isZero();
        }
    }

    @Test
    @Moves("kafka_network_requestmetrics_responsesendtimems")
    void shouldTimeAnswersThatTheirReaderIsSlowToTake(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(generous);
                TestingClient slow = new TestingClient(server.port(), 4096)) {
            // given  more than the sockets between them hold
            movement.watch(server.metrics);
            for (int i = 0; i < 16; i++) {
                slow.send(new SyncGroupRequestData(), 3);
            }

            // when   it reads late
            for (int i = 0; i < 16; i++) {
                slow.receive();
            }

            // then
            await().until(() -> server.counted("kafka_network_requestmetrics_responsesendtimems") > 0);
        }
    }

    @Test
    @Moves({
        "kafka_server_socket_server_metrics_connection_count",
        "kafka_server_socket_server_metrics_connection_creation_total",
        "kafka_server_socket_server_metrics_connection_close_total",
        "kafka_server_socket_server_metrics_expired_connections_killed_count_total"
    })
    void shouldCountConnectionsThatComeStayAndGo(Movement movement) throws Exception {
        NetworkProperties impatient =
                TestingServer.PROPERTIES.withBounds(Connections.UNLIMITED, Limits.DEFAULTS, 150, -1);
        try (TestingServer server = new TestingServer(impatient, echo)) {
            movement.watch(server.metrics);
            try (TestingClient idle = server.connect()) {
                await().until(() -> server.counted("kafka_server_socket_server_metrics_connection_count") == 1);
                movement.look();
                assertThat(idle.isClosedByServer()).isTrue();
            }
            await().until(() -> server.counted("kafka_server_socket_server_metrics_connection_close_total") == 1);
        }
    }

    @Test
    @Moves({
        "kafka_network_acceptor_acceptorblocked_percent",
        "kafka_server_socket_server_metrics_connections_turned_away_total"
    })
    void shouldShowDoorsThatAreShut(Movement movement) throws Exception {
        // given  room for one connection of this address, and for two in all
        Connections few =
                new Connections(2, Map.of(), Integer.MAX_VALUE, Map.of("127.0.0.1", 1), Integer.MAX_VALUE, Map.of());
        NetworkProperties.Listener clients = new NetworkProperties.Listener(
                "CLIENT", org.apache.kafka.common.security.auth.SecurityProtocol.PLAINTEXT, "127.0.0.1", 0);
        NetworkProperties properties = TestingServer.PROPERTIES
                .withBounds(few, Limits.DEFAULTS, 600_000, -1)
                .withListeners(clients, TestingServer.PLAINTEXT)
                .withInterBrokerListener("PLAINTEXT");
        try (TestingServer server = new TestingServer(properties, echo);
                TestingClient first = server.connect()) {
            first.send(heartbeat(), 4);
            first.receive();
            movement.watch(server.metrics);

            // when   a second of this address comes, and one of another
            try (TestingClient second = server.connect();
                    TestingClient other = new TestingClient(server.port(), 0, "127.0.0.2")) {
                assertThat(second.isClosedByServer()).isTrue();
                other.send(heartbeat(), 4);
                other.receive();

                // then
                await().until(() -> server.level("kafka_network_acceptor_acceptorblocked_percent") > 0);
                movement.look();
            }
        }
    }

    @Test
    @Moves("ottla_network_connections_refused_total")
    void shouldCountConnectionsThatEndForWhatTheySent(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(echo);
                TestingClient client = server.connect()) {
            movement.watch(server.metrics);
            client.sendBytes(new byte[] {-1, -1, -1, -1});
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    @Moves({
        "kafka_network_socketserver_memorypoolused",
        "kafka_network_socketserver_memorypoolavailable",
        "ottla_network_memory_waiters",
        "ottla_network_buffer_bytes"
    })
    void shouldShowMemoryOfLargeRequestsAndWhoWaitsForIt(Movement movement) throws Exception {
        NetworkProperties tight =
                TestingServer.PROPERTIES.withBounds(Connections.UNLIMITED, Limits.DEFAULTS, 600_000, LARGE * 3L / 2);
        try (TestingServer server = new TestingServer(tight, generous);
                TestingClient holding = server.connect();
                TestingClient next = server.connect()) {
            movement.watch(server.metrics);
            byte[] half = Arrays.copyOf(TestingClient.frame(large(), (short) 3, 0), LARGE / 2);

            // when   two have sent half a request, of which one fits
            holding.sendBytes(half);
            await().until(() -> server.counted("kafka_network_socketserver_memorypoolused") > 0);
            next.sendBytes(half);

            // then
            await().until(() -> server.counted("ottla_network_memory_waiters") == 1);
            movement.look();
        }
    }

    @Test
    @Moves("ottla_network_cold_reads_waiting")
    void shouldShowReadsThatWaitForAThread(Movement movement) throws Exception {
        try (TestingServer server = new TestingServer(echo);
                PageToucher toucher = new PageToucher(1, 10)) {
            new NetworkMetrics(server.metrics).watch(new MemoryBudget(LARGE), toucher);
            movement.watch(server.metrics);
            CountDownLatch disk = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(2);

            // given  a disk that takes its time
            toucher.touch(List.of(), () -> {
                try {
                    disk.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                done.countDown();
            });
            toucher.touch(List.of(), done::countDown);
            assertThat(server.counted("ottla_network_cold_reads_waiting")).isPositive();
            movement.look();

            // when
            disk.countDown();

            // then
            done.await();
            assertThat(server.counted("ottla_network_cold_reads_waiting")).isZero();
        }
    }

    private static byte[] together(byte[]... frames) throws java.io.IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.write(frame);
        }
        return all.toByteArray();
    }

    private static HeartbeatRequestData heartbeat() {
        return new HeartbeatRequestData().setGroupId("g").setMemberId("m");
    }

    private static SyncGroupRequestData large() {
        return new SyncGroupRequestData()
                .setAssignments(
                        List.of(new org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment()
                                .setMemberId("m")
                                .setAssignment(new byte[LARGE])));
    }
}
