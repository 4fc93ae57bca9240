package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.metadata.ClusterImage;
import io.ottla.metrics.Metrics;
import io.ottla.protocol.MetadataPollResponse;
import io.ottla.replication.TestingTimer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** When a broker may be sure that it leads what it thinks it leads. */
class InTouchTest {
    private static final BrokerId SELF = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(10);
    private static final ControllerEpoch TERM = new ControllerEpoch(5);
    private static final int LEASE_MS = 3_000;
    private static final int STEP_MS = 100;

    private final Metrics metrics = new Metrics();
    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final MetadataPublisher publisher = new MetadataPublisher(
            SELF, LEASE_MS, () -> ClusterImage.EMPTY, peers, time, time, Runnable::run, new PublisherMeter(metrics));
    private final MetadataPoll poll;

    InTouchTest() {
        publisher.start(new TestingLiveness());
        PeerEndpoints endpoints = new PeerEndpoints(() -> ClusterImage.EMPTY, () -> "PLAINTEXT");
        endpoints.learn(new BrokerImage(
                TWO,
                EPOCH,
                List.of(new Endpoint("PLAINTEXT", SecurityProtocol.PLAINTEXT, "127.0.0.1", 9092)),
                null,
                Map.of()));
        poll = new MetadataPoll(
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
                        removed -> {},
                        time,
                        time,
                        Runnable::run,
                        new PollMeter(time, metrics)));
        poll.follow(step -> CompletableFuture.completedFuture(null));
    }

    private void answer() {
        peers.sent.getLast().complete(new MetadataPollResponse().of(TERM.value(), false));
    }

    @Test
    void shouldCountFromWhenItAskedNotFromWhenItWasAnswered() {
        // given
        poll.on(new Event.Elsewhere(TWO));
        assertThat(poll.isInTouch()).isTrue();

        // when   the answer comes when the question is older than a lease
        time.advance(LEASE_MS + 500);
        assertThat(poll.isInTouch()).isFalse();
        answer();

        // then   it proves nothing, but the next one does
        assertThat(poll.isInTouch()).isFalse();
        time.advance(10);
        answer();
        assertThat(poll.isInTouch()).isTrue();
        time.advance(LEASE_MS + 10);
        assertThat(poll.isInTouch()).isFalse();
    }

    /** As a process that runs sees it. */
    private void pass(long ms) {
        for (long passed = 0; passed < ms; passed += STEP_MS) {
            time.advance(STEP_MS);
        }
    }

    @Test
    void shouldTakeItsTimeToBelieveItselfAfterASleep() {
        // given
        publisher.on(new Event.Elected(TERM, 1));
        poll.on(new Event.Elected(TERM, 1));
        pass(2 * LEASE_MS);
        assertThat(poll.isInTouch()).isTrue();

        // when   its process was stopped for longer than a lease
        time.advance(2 * LEASE_MS);

        // then   what it answers itself at once counts for nothing: ZooKeeper has had no time to tell of a successor
        assertThat(poll.isInTouch()).isFalse();
        pass(LEASE_MS / 3);
        assertThat(poll.isInTouch()).isFalse();
        pass(LEASE_MS);
        assertThat(poll.isInTouch()).isTrue();
    }

    @Test
    void shouldNotTakeItsOwnWordWhileZooKeeperIsOutOfReach() {
        // given
        publisher.on(new Event.Elected(TERM, 1));
        poll.on(new Event.Elected(TERM, 1));
        pass(5 * LEASE_MS);
        assertThat(poll.isInTouch()).isTrue();

        // when
        poll.on(new Event.Suspended());

        // then
        assertThat(poll.isInTouch()).isFalse();

        // when
        poll.on(new Event.Resumed());

        // then
        assertThat(poll.isInTouch()).isTrue();
    }
}
