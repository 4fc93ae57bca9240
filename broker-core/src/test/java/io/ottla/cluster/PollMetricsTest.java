package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.metrics.Movement;
import io.ottla.metrics.Moves;
import io.ottla.peer.PeerClient.Presence;
import io.ottla.replication.TestingTimer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** What a broker shows of its polls, and of those it is asked. */
class PollMetricsTest {
    private static final BrokerId SELF = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(10);
    private static final ControllerEpoch TERM = new ControllerEpoch(5);
    private static final int LEASE_MS = 3_000;

    private final Metrics metrics = new Metrics();
    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final MetadataPublisher publisher = new MetadataPublisher(
            SELF, LEASE_MS, () -> ClusterImage.EMPTY, peers, time, time, Runnable::run, new PublisherMeter(metrics));
    private ClusterImage image = ClusterImage.EMPTY;

    PollMetricsTest() {
        publisher.start(new TestingLiveness());
    }

    @Test
    @Moves({
        "ottla_controller_polls_total",
        "ottla_controller_images_sent_total",
        "ottla_controller_steps_sent_total",
        "ottla_controller_broker_leases",
        "ottla_controller_suspicions_total",
        "ottla_controller_fencings_total"
    })
    void shouldShowWhatBrokersAskAndWhoIsFenced(Movement movement) {
        movement.watch(metrics);
        // when   a broker polls twice
        publisher.on(new Event.Elected(TERM, 1));
        publish(new MetadataChange.BrokerSet(broker(TWO)));
        ask(ImageVersion.NONE);
        ImageVersion known = image.version();
        publish(new MetadataChange.ControllerSet(SELF));
        OpenPoll last = ask(known);
        time.advance(LEASE_MS / MetadataPublisher.TICKS_A_LEASE);
        movement.look();
        // and    dies
        peers.presence.put(TWO, Presence.REFUSED);
        last.abandon();
    }

    @Test
    @Moves({
        "ottla_metadata_polls_total",
        "ottla_metadata_poll_failures_total",
        "ottla_metadata_controller_suspicions_total",
        "ottla_metadata_controller_heard_ms"
    })
    void shouldShowPollsAndWhenTheControllerIsTakenForDead(Movement movement) {
        // given  a broker that polls another one
        List<BrokerId> removed = new ArrayList<>();
        PeerEndpoints endpoints = new PeerEndpoints(() -> ClusterImage.EMPTY, () -> "PLAINTEXT");
        endpoints.learn(broker(TWO));
        MetadataPoll poll = new MetadataPoll(
                new MetadataPoll.Member(SELF, Uuid.ONE_UUID, () -> EPOCH, BrokerEpoch.NONE, LEASE_MS),
                new MetadataPoll.Ports(
                        publisher,
                        new RemotePolls(
                                peers,
                                endpoints,
                                id -> CompletableFuture.completedFuture(Optional.empty()),
                                LEASE_MS,
                                Runnable::run),
                        peers,
                        removed::add,
                        time,
                        time,
                        Runnable::run,
                        new PollMeter(time, metrics)));
        poll.follow(step -> CompletableFuture.completedFuture(null));
        movement.watch(metrics);

        // when   that one dies
        peers.presence.put(TWO, Presence.REFUSED);
        poll.on(new Event.Elsewhere(TWO));
        time.advance(1);
        peers.sent.getLast().completeExceptionally(new DisconnectException("for a test"));

        // then
        assertThat(removed).containsExactly(TWO);
    }

    private OpenPoll ask(ImageVersion known) {
        return publisher.ask(new PollQuestion(
                TWO, EPOCH, Uuid.ONE_UUID, known, known, 1_000, false, BrokerEpoch.NONE, ImageVersion.NONE, 0));
    }

    private void publish(MetadataChange change) {
        ClusterImage before = image;
        image = before.with(new ImageVersion(TERM, before.version().number() + 1), List.of(change));
        publisher.apply(new ImageStep(before, image, List.of(change)));
    }

    private static BrokerImage broker(BrokerId id) {
        return new BrokerImage(
                id,
                EPOCH,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
                null,
                Map.of());
    }
}
