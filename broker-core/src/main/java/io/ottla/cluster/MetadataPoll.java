package io.ottla.cluster;

import io.ottla.controller.ControllerElection;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this broker learns what the cluster looks like, and how the controller learns that this broker lives: one poll is
 * open to the controller at all times, the one beside this broker included. What it decides is in {@link PollMachine} and
 * {@link PollReader}; this does what they say.
 *
 * <p>All state belongs to the executor, which is not that of the image's listeners: heartbeats don't wait for logs to be
 * opened. Methods may be called from any thread.
 */
public final class MetadataPoll implements MetadataSource {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataPoll.class);

    /**
     * Who polls.
     *
     * @param incarnation drawn by this process
     * @param epoch of the present registration
     * @param closedUnder the broker epoch under which the logs were last closed properly, see {@link PollQuestion}
     * @param leaseMs how long a silent broker, or controller, counts as alive
     */
    public record Member(
            BrokerId id, Uuid incarnation, Supplier<BrokerEpoch> epoch, BrokerEpoch closedUnder, long leaseMs) {}

    /**
     * What it polls with.
     *
     * @param local asked where this broker is the controller
     * @param remote asked elsewhere
     * @param removal has the node of a controller removed that is dead
     * @param executor runs one task after the other
     */
    public record Ports(
            MetadataPublisher local,
            RemotePolls remote,
            PeerClient peers,
            Consumer<BrokerId> removal,
            Clock clock,
            Timer timer,
            Executor executor,
            PollMeter meter) {}

    private final Member member;
    private final ControllerPolls polls;
    private final Ports ports;
    private final Clock clock;
    private final Executor executor;
    private final PollMachine machine;
    private final Touch touch;
    private final PollReader reader = new PollReader();
    private final CompletableFuture<Void> mayLeave = new CompletableFuture<>();

    private Sink sink;
    private BrokerId controller = BrokerId.NONE;
    private ImageVersion applied = ImageVersion.NONE;
    /** The registration under which a controller has taken in how the logs were; null until one has. */
    private volatile BrokerEpoch takenInUnder;

    private boolean leaving;
    private boolean closed;

    public MetadataPoll(Member member, Ports ports) {
        this.member = member;
        this.ports = ports;
        this.clock = ports.clock();
        this.executor = ports.executor();
        this.touch = new Touch(member.leaseMs() * 1_000_000, clock.monotonicNs());
        this.machine = new PollMachine(member.id(), member.leaseMs() * 1_000_000, clock.monotonicNs());
        this.polls = (target, question) -> target.equals(member.id())
                ? ports.local().ask(question).answer()
                : ports.remote().poll(target, question);
    }

    /** Follows the election: to be told of all its events. */
    public void on(ControllerElection.Event event) {
        switch (event) {
            case ControllerElection.Event.Elected(ControllerEpoch epoch, int version) -> {
                touch.sure();
                go(member.id());
            }
            case ControllerElection.Event.Elsewhere(BrokerId broker) -> {
                touch.sure();
                go(broker);
            }
            case ControllerElection.Event.Resigned resigned -> {
                // Whoever comes next is told of; until then this broker's own publisher refuses.
            }
            case ControllerElection.Event.Refused refused -> {}
            case ControllerElection.Event.Suspended suspended -> touch.unsure();
            case ControllerElection.Event.Resumed resumed -> touch.sure();
        }
    }

    private void go(BrokerId broker) {
        executor.execute(() -> {
            controller = broker.isNone() ? controller : broker;
            if (sink != null) {
                act(machine.controllerIs(broker, clock.monotonicNs()));
            }
        });
    }

    @Override
    public void follow(Sink taker) {
        executor.execute(() -> {
            sink = taker;
            act(machine.controllerIs(controller, clock.monotonicNs()));
            tickLater();
        });
    }

    /** As {@link Touch}. From any thread. */
    public boolean isInTouch() {
        return touch.is(clock.monotonicNs());
    }

    /**
     * Has the controller let others lead what this broker leads.
     *
     * @return done when that is so; never fails, and never ends where no controller answers
     */
    public CompletionStage<Void> leave() {
        executor.execute(() -> {
            leaving = true;
            act(machine.news(clock.monotonicNs()));
        });
        return mayLeave;
    }

    /** Whether a controller has taken in how the logs were closed before. */
    public boolean isTakenIn() {
        return takenInUnder != null;
    }

    /** Polls no more. */
    public void close() {
        executor.execute(() -> closed = true);
    }

    private void tickLater() {
        ports.timer()
                .schedule(
                        member.leaseMs() / MetadataPublisher.TICKS_A_LEASE,
                        () -> executor.execute(() -> {
                            if (!closed) {
                                touch.tick(clock.monotonicNs());
                                act(machine.tick(clock.monotonicNs()));
                                tickLater();
                            }
                        }));
    }

    private void act(List<PollMachine.Effect> effects) {
        if (closed) {
            return;
        }
        for (PollMachine.Effect effect : effects) {
            switch (effect) {
                case PollMachine.Effect.Poll(long turn, BrokerId target) -> poll(turn, target);
                case PollMachine.Effect.Probe(long turn, BrokerId target) ->
                    ports.peers()
                            .probe(target, MetadataPublisher.KNOCK_MS)
                            .whenComplete((found, never) ->
                                    executor.execute(() -> act(machine.probed(turn, found, clock.monotonicNs()))));
                case PollMachine.Effect.Suspect(BrokerId target) ->
                    LOG.warn(
                            "Broker {}, the controller, seems to be dead; asking for its node to be removed until a"
                                    + " controller answers",
                            target);
                case PollMachine.Effect.Heard(BrokerId target) ->
                    LOG.info("Broker {} answers as the controller, after one seemed to be dead", target);
                case PollMachine.Effect.Remove(BrokerId target) -> {
                    ports.meter().suspected();
                    ports.removal().accept(target);
                }
                case PollMachine.Effect.Wake(long turn, long delayMs) ->
                    ports.timer()
                            .schedule(
                                    delayMs,
                                    () -> executor.execute(() -> act(machine.woken(turn, clock.monotonicNs()))));
            }
        }
    }

    private void poll(long turn, BrokerId target) {
        ports.meter().polled();
        long askedNs = clock.monotonicNs();
        PollQuestion question = new PollQuestion(
                member.id(),
                member.epoch().get(),
                member.incarnation(),
                reader.known(),
                applied,
                (int) (member.leaseMs() / 3),
                leaving,
                takenInUnder == null ? member.closedUnder() : takenInUnder,
                reader.gathering(),
                reader.gathered());
        polls.poll(target, question)
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (failure == null && tellsOfTheCluster(answer)) {
                                takenInUnder = question.epoch();
                            }
                            answered(turn, target, answer, failure, askedNs);
                        },
                        executor);
    }

    private void answered(long turn, BrokerId target, PollAnswer answer, Throwable failure, long askedNs) {
        if (closed) {
            return;
        }
        if (failure != null) {
            ports.meter().failed();
            LOG.debug("No answer of controller {} to a poll: {}", target, failure.toString());
            act(machine.broken(turn));
            return;
        }
        switch (answer) {
            case PollAnswer.News news -> read(turn, target, reader.read(news), news.mayLeave(), askedNs);
            case PollAnswer.Part part -> read(turn, target, reader.read(part), false, askedNs);
            case PollAnswer.Refused(var why) -> refused(turn, target, why.text());
        }
    }

    /** A controller tells of the cluster only who it has taken in. */
    private static boolean tellsOfTheCluster(PollAnswer answer) {
        return switch (answer) {
            case PollAnswer.News news -> !news.isEmpty();
            case PollAnswer.Part part -> true;
            case PollAnswer.Refused refused -> false;
        };
    }

    private void read(long turn, BrokerId target, PollReader.Reading reading, boolean granted, long askedNs) {
        switch (reading) {
            case PollReader.Reading.Steps(List<ImageStep> steps) -> {
                ports.meter().heard(clock.monotonicNs());
                touch.answered(askedNs, target.equals(member.id()));
                if (granted && leaving) {
                    mayLeave.complete(null);
                }
                act(machine.answered(turn, take(steps), clock.monotonicNs()));
            }
            case PollReader.Reading.Deposed deposed -> refused(turn, target, "it has been deposed");
            case PollReader.Reading.Gap(String why) -> {
                LOG.warn("Asking controller {} for all of its metadata: {}", target, why);
                act(machine.answered(turn, false, clock.monotonicNs()));
            }
        }
    }

    private void refused(long turn, BrokerId target, String why) {
        ports.meter().failed();
        LOG.debug("Broker {} answers no poll: {}", target, why);
        act(machine.refused(turn, clock.monotonicNs()));
    }

    /** Hands the steps on; whether any has yet to be applied. */
    private boolean take(List<ImageStep> steps) {
        CompletableFuture<?> last = null;
        for (ImageStep step : steps) {
            last = sink.take(step).toCompletableFuture();
        }
        if (last == null) {
            return false;
        }
        ImageVersion version = steps.getLast().after().version();
        boolean done = last.isDone();
        if (done) {
            applied = version;
        } else {
            last.whenCompleteAsync((nothing, failure) -> applied(version), executor);
        }
        return !done;
    }

    /** Steps are applied in their order. */
    private void applied(ImageVersion version) {
        if (version.compareTo(applied) > 0) {
            applied = version;
            act(machine.news(clock.monotonicNs()));
        }
    }
}
