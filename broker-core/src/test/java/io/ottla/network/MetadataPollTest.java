package io.ottla.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ottla.api.MetadataPollHandler;
import io.ottla.cluster.MetadataPoll;
import io.ottla.cluster.MetadataPublisher;
import io.ottla.cluster.PeerEndpoints;
import io.ottla.cluster.PollMeter;
import io.ottla.cluster.PublisherMeter;
import io.ottla.cluster.RemotePolls;
import io.ottla.concurrent.SerialExecutor;
import io.ottla.concurrent.Threads;
import io.ottla.controller.ControllerElection.Event;
import io.ottla.controller.Liveness;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.TestingImageMaker;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker that polls a controller over real connections, and what each makes of the other's end. */
class MetadataPollTest {
    private static final BrokerId ONE = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(10);
    private static final ControllerEpoch TERM = new ControllerEpoch(5);
    private static final long LEASE_MS = 3_000;

    private final Clock clock = Clock.system();
    private final TimerWheel timer = new TimerWheel(clock, Threads.single("poll-timer"));
    private final EventLoops loops = new EventLoops(1, 1, true);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<BrokerId> removed = new CopyOnWriteArrayList<>();
    private final List<ImageStep> steps = new CopyOnWriteArrayList<>();
    private final Map<BrokerId, BrokerImage> registered = new ConcurrentHashMap<>();
    private volatile ClusterImage shown = ClusterImage.EMPTY;
    private volatile CompletableFuture<Void> applied = CompletableFuture.completedFuture(null);
    private ClusterImage image = ClusterImage.EMPTY;
    /** Broker 2's. */
    private NetworkClient client;

    /** Broker 2's, should it be elected. */
    private MetadataPublisher own;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        loops.close();
        timer.close();
        threads.shutdownNow();
    }

    @Test
    void shouldBringABrokerEverythingAndThenEachStep() throws Exception {
        // given  a controller of a large cluster
        Controlling controller = new Controlling(LEASE_MS);
        ClusterImage large = TestingImageMaker.large(500, 10, 10);
        image = large;
        CompletionStage<Void> first = controller.publish(new MetadataChange.ControllerSet(ONE), set(TWO, 1));

        // when   a broker comes that knows nothing but who the controller is
        MetadataPoll poll = polling(LEASE_MS);
        poll.on(new Event.Elsewhere(ONE));

        // then
        await().untilAsserted(() -> assertThat(shown).isEqualTo(image));
        assertThat(steps).hasSize(1);
        assertThat(first.toCompletableFuture()).succeedsWithin(5, TimeUnit.SECONDS);

        // and    what changes comes at once, and is in force when it is applied
        CompletableFuture<Void> slow = new CompletableFuture<>();
        applied = slow;
        CompletionStage<Void> second = controller.publish(new MetadataChange.ControllerSet(TWO));
        await().untilAsserted(() -> assertThat(steps).hasSize(2));
        assertThat(steps.getLast().changes()).containsExactly(new MetadataChange.ControllerSet(TWO));
        assertThat(second.toCompletableFuture()).isNotDone();
        slow.complete(null);
        assertThat(second.toCompletableFuture()).succeedsWithin(500, TimeUnit.MILLISECONDS);
        assertThat(shown).isEqualTo(image);
    }

    @Test
    void shouldKnowADeadBrokerAtOnce() throws Exception {
        // given  a broker that polls, and nobody at its address
        Controlling controller = new Controlling(LEASE_MS);
        controller.publish(set(ONE, controller.port()), set(TWO, freePort()));
        MetadataPoll poll = polling(LEASE_MS);
        poll.on(new Event.Elsewhere(ONE));
        await().untilAsserted(() -> assertThat(told).contains("arrived 2"));

        // when   its connections break
        long since = clock.monotonicMs();
        poll.close();
        client.close();

        // then
        await().untilAsserted(() -> assertThat(told).contains("fenced 2"));
        assertThat(clock.monotonicMs() - since).isLessThan(LEASE_MS / 3);
    }

    @Test
    void shouldLeaveALivingBrokerAloneWhoseConnectionBreaks() throws Exception {
        // given  a broker that polls, and whose listener lives
        Controlling controller = new Controlling(LEASE_MS);
        try (ServerSocket listener = new ServerSocket(0)) {
            controller.publish(set(ONE, controller.port()), set(TWO, listener.getLocalPort()));
            MetadataPoll broken = polling(LEASE_MS);
            broken.on(new Event.Elsewhere(ONE));
            await().untilAsserted(() -> assertThat(told).contains("arrived 2"));

            // when   its connection breaks, and it comes back by another
            broken.close();
            client.close();
            polling(LEASE_MS).on(new Event.Elsewhere(ONE));

            // then
            await().untilAsserted(() -> assertThat(controller.counted("ottla_controller_suspicions_total"))
                    .isPositive());
            controller.publish(new MetadataChange.ControllerSet(TWO));
            await().untilAsserted(() -> assertThat(shown).isEqualTo(image));
            assertThat(told).containsExactly("arrived 2");
            assertThat(removed).isEmpty();
        }
    }

    @Test
    void shouldHaveADeadControllerRemovedAtOnceAndGoToTheNext() throws Exception {
        // given
        Controlling first = new Controlling(LEASE_MS);
        first.publish(set(ONE, first.port()), set(TWO, freePort()));
        MetadataPoll poll = polling(LEASE_MS);
        poll.on(new Event.Elsewhere(ONE));
        await().untilAsserted(() -> assertThat(shown).isEqualTo(image));

        // when
        long since = clock.monotonicMs();
        first.close();
        await().untilAsserted(() -> assertThat(removed).containsExactly(ONE));
        assertThat(clock.monotonicMs() - since).isLessThan(LEASE_MS / 3);

        // and    this broker is elected itself: it polls on, without any connection
        ControllerEpoch next = new ControllerEpoch(6);
        own.on(new Event.Elected(next, 1));
        poll.on(new Event.Elected(next, 1));
        CompletionStage<Void> inForce = own.apply(step(next, new MetadataChange.BrokerGone(ONE)));
        assertThat(inForce.toCompletableFuture()).succeedsWithin(5, TimeUnit.SECONDS);
        assertThat(shown).isEqualTo(image);
    }

    @Test
    void shouldHaveASilentControllerRemovedAfterALease() throws Exception {
        // given  a listener that accepts and never answers, as a stopped process's does
        long leaseMs = 600;
        try (ServerSocket silent = new ServerSocket(0)) {
            register(ONE, silent.getLocalPort());
            long since = clock.monotonicMs();
            polling(leaseMs).on(new Event.Elsewhere(ONE));
            await().untilAsserted(() -> assertThat(removed).isNotEmpty());
            assertThat(clock.monotonicMs() - since).isBetween(leaseMs, 3 * leaseMs);
        }
    }

    @Test
    void shouldFindAControllerThatMovedToAnotherPort() throws Exception {
        // given  an image with the controller's address of before
        register(ONE, freePort());
        MetadataPoll poll = polling(LEASE_MS);
        poll.on(new Event.Elsewhere(ONE));
        await().untilAsserted(() -> assertThat(removed).isNotEmpty());

        // when   it is registered anew
        Controlling controller = new Controlling(LEASE_MS);
        controller.publish(set(ONE, controller.port()), set(TWO, 1));

        // then
        await().untilAsserted(() -> assertThat(shown).isEqualTo(image));
    }

    /** A broker that is the controller. */
    private final class Controlling {
        private final Metrics metrics = new Metrics();
        private final MetadataPublisher publisher;
        private final TestingServer server;

        Controlling(long leaseMs) throws IOException {
            publisher = publisher(ONE, leaseMs, metrics);
            server = new TestingServer(new MetadataPollHandler(publisher, threads));
            open.add(server);
            register(ONE, port());
            publisher.on(new Event.Elected(TERM, 1));
        }

        int port() {
            return server.port();
        }

        CompletionStage<Void> publish(MetadataChange... changes) {
            return publisher.apply(step(TERM, changes));
        }

        long counted(String name) {
            return metrics.counter(name, "", Labels.NONE).value();
        }

        void close() {
            open.remove(server);
            server.close();
        }
    }

    private MetadataPublisher publisher(BrokerId self, long leaseMs, Metrics metrics) {
        NetworkClient client =
                newClient(self, id -> image.brokers().get(id).endpoints().getFirst());
        MetadataPublisher publisher = new MetadataPublisher(
                self,
                leaseMs,
                () -> ClusterImage.EMPTY,
                client,
                clock,
                timer,
                new SerialExecutor(threads),
                new PublisherMeter(metrics));
        publisher.start(new Liveness() {
            @Override
            public void fenced(BrokerId broker, BrokerEpoch epoch) {
                told.add("fenced " + broker);
            }

            @Override
            public void unfenced(BrokerId broker, BrokerEpoch epoch) {
                told.add("unfenced " + broker);
            }

            @Override
            public void forgotten(BrokerId broker, BrokerEpoch epoch) {
                told.add("forgotten " + broker);
            }

            @Override
            public CompletionStage<Void> arrived(BrokerId broker, BrokerEpoch epoch, BrokerEpoch closedUnder) {
                if (!broker.equals(self)) {
                    told.add("arrived " + broker);
                }
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<Void> leaving(BrokerId broker, BrokerEpoch epoch) {
                return CompletableFuture.completedFuture(null);
            }
        });
        return publisher;
    }

    /** Broker 2, which polls. */
    private MetadataPoll polling(long leaseMs) {
        own = publisher(TWO, leaseMs, new Metrics());
        Executor executor = new SerialExecutor(threads);
        PeerEndpoints endpoints = new PeerEndpoints(() -> shown, () -> "PLAINTEXT");
        client = newClient(TWO, endpoints);
        MetadataPoll poll = new MetadataPoll(
                new MetadataPoll.Member(TWO, Uuid.randomUuid(), () -> EPOCH, BrokerEpoch.NONE, leaseMs),
                new MetadataPoll.Ports(
                        own,
                        new RemotePolls(
                                client,
                                endpoints,
                                id -> CompletableFuture.completedFuture(Optional.ofNullable(registered.get(id))),
                                leaseMs,
                                executor),
                        client,
                        removed::add,
                        clock,
                        timer,
                        executor,
                        new PollMeter(clock, new Metrics())));
        poll.follow(step -> {
            steps.add(step);
            return applied.thenRun(() -> shown = step.after());
        });
        open.add(poll::close);
        return poll;
    }

    private NetworkClient newClient(BrokerId self, Function<BrokerId, Endpoint> endpoints) {
        NetworkClient client =
                new NetworkClient(loops, endpoints, "broker-" + self, 64 << 20, clock, timer, new Metrics());
        open.add(client);
        return client;
    }

    private ImageStep step(ControllerEpoch epoch, MetadataChange... changes) {
        long number = image.version().controllerEpoch().equals(epoch)
                ? image.version().number()
                : 0;
        ClusterImage before = image;
        image = before.with(new ImageVersion(epoch, number + 1), List.of(changes));
        return new ImageStep(before, image, List.of(changes));
    }

    private void register(BrokerId id, int port) {
        registered.put(id, ((MetadataChange.BrokerSet) set(id, port)).broker());
    }

    private static MetadataChange set(BrokerId id, int port) {
        return new MetadataChange.BrokerSet(new BrokerImage(
                id,
                EPOCH,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", port)),
                null,
                Map.of()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
