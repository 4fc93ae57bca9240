package io.ottla.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.controller.ControllerElection.Event;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient.Presence;
import io.ottla.replication.TestingTimer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class MetadataPublisherTest {
    private static final BrokerId SELF = new BrokerId(1);
    private static final BrokerId TWO = new BrokerId(2);
    private static final BrokerId THREE = new BrokerId(3);
    private static final BrokerEpoch EPOCH = new BrokerEpoch(10);
    private static final ControllerEpoch TERM = new ControllerEpoch(5);
    private static final int LEASE_MS = 3_000;

    private final TestingTimer time = new TestingTimer();
    private final TestingPeers peers = new TestingPeers();
    private final TestingLiveness controller = new TestingLiveness();
    private final Metrics metrics = new Metrics();
    private ClusterImage known = ClusterImage.EMPTY;
    private final MetadataPublisher publisher = new MetadataPublisher(
            SELF, LEASE_MS, () -> known, peers, time, time, Runnable::run, new PublisherMeter(metrics));
    private ClusterImage image = ClusterImage.EMPTY;
    private boolean leaving;

    MetadataPublisherTest() {
        publisher.start(controller);
    }

    @Test
    void shouldRefusePollsWhereItIsNotTheController() {
        assertThat(refusal(ask(TWO, ImageVersion.NONE, ImageVersion.NONE))).isEqualTo(Errors.NOT_CONTROLLER);
        elect();
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, ImageVersion.NONE, ImageVersion.NONE);
        assertThat(waiting).isNotDone();
        publisher.on(new Event.Resigned("for a test"));
        assertThat(refusal(waiting)).isEqualTo(Errors.NOT_CONTROLLER);
    }

    @Test
    void shouldAnswerAWaitingPollWithTheStepThatComes() {
        // given
        elect();
        publish(set(SELF), set(TWO));
        PollAnswer.News all = news(ask(TWO, ImageVersion.NONE, ImageVersion.NONE));
        assertThat(all.whole().image()).isEqualTo(image);

        // when
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, image.version(), image.version());
        assertThat(waiting).isNotDone();
        MetadataChange change = set(THREE);
        publish(change);

        // then
        PollAnswer.News news = news(waiting);
        assertThat(news.whole()).isNull();
        assertThat(news.epoch()).isEqualTo(TERM);
        assertThat(news.steps()).singleElement().satisfies(step -> {
            assertThat(step.version()).isEqualTo(image.version());
            assertThat(step.changes()).containsExactly(change);
        });
    }

    @Test
    void shouldTellEverybodyOfATermThatChangesNothing() {
        // given  a broker that knows all that the last term has said
        elect();
        publish(set(SELF), set(TWO));
        ImageVersion known = image.version();
        ControllerEpoch next = new ControllerEpoch(TERM.value() + 1);
        publisher.on(new Event.Elected(next, 1));
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, known, known);
        assertThat(waiting).isNotDone();

        // when   the next one begins with a step of no change
        ClusterImage same = image.at(new ImageVersion(next, 1));
        publisher.apply(new ImageStep(image, same, List.of()));

        // then
        assertThat(news(waiting).whole().image()).isEqualTo(same);
    }

    @Test
    void shouldAnswerAfterAThirdOfTheLeaseThoughNothingHasChanged() {
        elect();
        publish(set(SELF), set(TWO));
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, image.version(), image.version());
        advance(LEASE_MS / 3 - 1);
        assertThat(waiting).isNotDone();
        advance(LEASE_MS / MetadataPublisher.TICKS_A_LEASE);
        assertThat(news(waiting).isEmpty()).isTrue();
    }

    @Test
    void shouldAnswerTheEarlierOfTwoPolls() {
        elect();
        publish(set(SELF), set(TWO));
        CompletableFuture<PollAnswer.Complete> first = ask(TWO, image.version(), ImageVersion.NONE);
        CompletableFuture<PollAnswer.Complete> second = ask(TWO, image.version(), image.version());
        assertThat(news(first).isEmpty()).isTrue();
        assertThat(second).isNotDone();
    }

    @Test
    void shouldHoldAStepForInForceWhenAllWhoLiveActByIt() {
        // given  three brokers
        elect();
        ask(SELF, ImageVersion.NONE, ImageVersion.NONE);
        CompletableFuture<Void> inForce = publish(set(SELF), set(TWO), set(THREE));
        ask(SELF, image.version(), image.version());
        ask(TWO, image.version(), image.version());
        assertThat(inForce).isNotDone();

        // when, then   the third only knows it, and then acts by it
        ask(THREE, image.version(), ImageVersion.NONE);
        assertThat(inForce).isNotDone();
        ask(THREE, image.version(), image.version());
        assertThat(inForce).isCompleted();
    }

    @Test
    void shouldWaitForNobodyWhoIsDead() {
        elect();
        CompletableFuture<Void> inForce = publish(set(SELF), set(TWO));
        ask(SELF, image.version(), image.version());
        OpenPoll poll = publisher.ask(question(TWO, image.version(), ImageVersion.NONE));

        // when   its connection breaks, and nobody is there
        peers.presence.put(TWO, Presence.REFUSED);
        poll.abandon();

        // then
        assertThat(controller.told).last().isEqualTo("fenced 2 of 10");
        assertThat(inForce).isCompleted();
        assertThat(poll.answer().toCompletableFuture()).isCompleted();
    }

    @Test
    void shouldKnockAlsoWhereTheConnectionBreaksBetweenTwoPolls() {
        elect();
        publish(set(SELF), set(TWO));
        OpenPoll poll = publisher.ask(question(TWO, ImageVersion.NONE, ImageVersion.NONE));
        assertThat(poll.answer().toCompletableFuture()).isCompleted();
        peers.presence.put(TWO, Presence.REFUSED);
        poll.abandon();
        assertThat(controller.told).last().isEqualTo("fenced 2 of 10");
    }

    @Test
    void shouldKnockAgainWhereADyingProcessStillListens() {
        elect();
        publish(set(SELF), set(TWO));
        OpenPoll poll = publisher.ask(question(TWO, ImageVersion.NONE, ImageVersion.NONE));
        peers.knocked.clear();
        poll.abandon();
        assertThat(peers.knocked).containsExactly(TWO);

        // when   its listener closes too
        peers.presence.put(TWO, Presence.REFUSED);
        time.advance(50);

        // then
        assertThat(controller.told).last().isEqualTo("fenced 2 of 10");
    }

    @Test
    void shouldKnockNoMoreAtWhoHasPolledAgain() {
        elect();
        publish(set(SELF), set(TWO));
        OpenPoll poll = publisher.ask(question(TWO, ImageVersion.NONE, ImageVersion.NONE));
        poll.abandon();
        int knocks = peers.knocked.size();
        ask(TWO, image.version(), image.version());
        advance(1_000);
        assertThat(peers.knocked).hasSize(knocks);
    }

    @Test
    void shouldWaitForNobodyWhoHasLeft() {
        elect();
        publish(set(SELF), set(TWO));
        CompletableFuture<Void> inForce = publish(new MetadataChange.ControllerSet(SELF));
        ask(SELF, image.version(), image.version());
        assertThat(inForce).isNotDone();
        publish(new MetadataChange.BrokerGone(TWO));
        assertThat(inForce).isCompleted();
    }

    @Test
    void shouldNotWaitForEver() {
        // given  a broker that polls and never applies
        elect();
        CompletableFuture<Void> inForce = publish(set(SELF), set(TWO));
        ask(SELF, image.version(), image.version());
        for (long passed = 0; passed < MetadataPublisher.PATIENCE_MS; passed += 1_000) {
            assertThat(inForce).isNotDone();
            ask(TWO, image.version(), ImageVersion.NONE);
            advance(1_000);
        }
        assertThat(inForce).isCompleted();
        assertThat(controller.told).noneMatch(told -> told.startsWith("fenced"));
    }

    @Test
    void shouldFenceTheSilentAndUnfenceWhoIsHeardAgain() {
        elect();
        publish(set(SELF), set(TWO));
        ask(TWO, image.version(), image.version());
        advance(LEASE_MS + 250);
        assertThat(controller.told).containsExactly("arrived 2 of 10, closed under 9", "fenced 2 of 10");
        ask(TWO, image.version(), image.version());
        assertThat(controller.told).last().isEqualTo("unfenced 2 of 10");
        assertThat(metrics.counter("ottla_controller_fencings_total", "", Labels.of("why", "silent"))
                        .value())
                .isEqualTo(1);
    }

    @Test
    void shouldForgetWhoPollsAndIsNotRegistered() {
        // given
        elect();
        publish(set(SELF));
        controller.takenIn = new CompletableFuture<>();

        // when   somebody polls once, and says no more
        ask(TWO, ImageVersion.NONE, ImageVersion.NONE);
        advance(LEASE_MS + 250);

        // then   nobody is fenced, and who polls again is new here
        assertThat(controller.told).containsExactly("arrived 2 of 10, closed under 9", "forgotten 2 of 10");
        ask(TWO, ImageVersion.NONE, ImageVersion.NONE);
        assertThat(controller.told).last().isEqualTo("arrived 2 of 10, closed under 9");
    }

    @Test
    void shouldGiveABrokerNothingBeforeTheControllerHasTakenItIn() {
        // given  a broker that comes back, which the controller has yet to decide about
        elect();
        publish(set(SELF), set(TWO));
        controller.takenIn = new CompletableFuture<>();
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, ImageVersion.NONE, ImageVersion.NONE);
        publish(new MetadataChange.ControllerSet(SELF));
        assertThat(waiting).isNotDone();

        // when, then
        controller.takenIn.complete(null);
        assertThat(news(waiting).whole()).isNotNull();
    }

    @Test
    void shouldKnockAtAllDoorsWhenItIsElected() {
        // given  a broker that knew two others, of which one died with the controller
        known = ClusterImage.EMPTY.with(set(SELF)).with(set(TWO)).with(set(THREE));
        peers.presence.put(THREE, Presence.REFUSED);

        // when, then   before it has read the store
        elect();
        assertThat(peers.knocked).containsExactly(TWO, THREE);
        assertThat(controller.told).containsExactly("fenced 3 of 10");
    }

    @Test
    void shouldRefuseAnEarlierRegistration() {
        elect();
        publish(new MetadataChange.BrokerSet(new BrokerImage(TWO, new BrokerEpoch(11), List.of(), null, Map.of())));
        assertThat(refusal(ask(TWO, ImageVersion.NONE, ImageVersion.NONE))).isEqualTo(Errors.STALE_BROKER_EPOCH);
    }

    @Test
    void shouldLetABrokerGoWhenItLeadsNothingAnyMore() {
        // given
        elect();
        publish(set(SELF), set(TWO));
        leaving = true;
        CompletableFuture<PollAnswer.Complete> waiting = ask(TWO, image.version(), image.version());
        assertThat(controller.told).last().isEqualTo("leaving 2 of 10");
        assertThat(waiting).isNotDone();

        // when
        controller.leave.complete(null);

        // then   it is asked for once
        assertThat(news(waiting).mayLeave()).isTrue();
        assertThat(news(ask(TWO, image.version(), image.version())).mayLeave()).isTrue();
        assertThat(controller.told)
                .filteredOn(told -> told.startsWith("leaving"))
                .hasSize(1);
    }

    @Test
    void shouldAskAgainWhereWhatABrokerLeadsCouldNotBeMoved() {
        elect();
        publish(set(SELF), set(TWO));
        leaving = true;
        controller.leave.completeExceptionally(new IllegalStateException("for a test"));
        ask(TWO, image.version(), image.version());
        controller.leave = CompletableFuture.completedFuture(null);
        CompletableFuture<PollAnswer.Complete> second = ask(TWO, image.version(), image.version());
        assertThat(news(second).mayLeave()).isTrue();
    }

    @Test
    void shouldLeaveOthersToSayWhatItDecidedBeforeItResigned() {
        elect();
        publisher.on(new Event.Resigned("for a test"));
        assertThat(publish(set(SELF))).isCompleted();
    }

    @Test
    void shouldAnswerAtOnceWhereItsServerStops() {
        elect();
        publish(set(SELF), set(TWO));
        OpenPoll poll = publisher.ask(question(TWO, image.version(), image.version()));
        poll.hurry();
        assertThat(news(poll.answer().toCompletableFuture()).isEmpty()).isTrue();
    }

    private void elect() {
        publisher.on(new Event.Elected(TERM, 3));
    }

    private static MetadataChange set(BrokerId id) {
        return new MetadataChange.BrokerSet(new BrokerImage(id, EPOCH, List.of(), null, Map.of()));
    }

    private CompletableFuture<Void> publish(MetadataChange... changes) {
        List<MetadataChange> all = new ArrayList<>(List.of(changes));
        ClusterImage after = image.with(new ImageVersion(TERM, image.version().number() + 1), all);
        ImageStep step = new ImageStep(image, after, all);
        image = after;
        return publisher.apply(step).toCompletableFuture();
    }

    private CompletableFuture<PollAnswer.Complete> ask(BrokerId broker, ImageVersion knows, ImageVersion applied) {
        return publisher.ask(question(broker, knows, applied)).answer().toCompletableFuture();
    }

    private PollQuestion question(BrokerId broker, ImageVersion knows, ImageVersion applied) {
        return new PollQuestion(
                broker,
                EPOCH,
                Uuid.ONE_UUID,
                knows,
                applied,
                LEASE_MS / 3,
                leaving,
                new BrokerEpoch(9),
                ImageVersion.NONE,
                0);
    }

    private void advance(long ms) {
        for (long passed = 0; passed < ms; passed += 125) {
            time.advance(Math.min(125, ms - passed));
        }
    }

    private static PollAnswer.News news(CompletableFuture<PollAnswer.Complete> answer) {
        assertThat(answer).isCompleted();
        return (PollAnswer.News) answer.join();
    }

    private static Errors refusal(CompletableFuture<PollAnswer.Complete> answer) {
        assertThat(answer).isCompleted();
        return ((PollAnswer.Refused) answer.join()).failure().error();
    }
}
