package io.ottla.cluster;

import io.ottla.controller.ControllerElection;
import io.ottla.controller.Liveness;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.peer.PeerClient;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's mouth and ear: tells all brokers of each step, by their polls, and knows by them who lives (DESIGN §5).
 * Where this broker is not the controller every poll is refused.
 *
 * <p>A poll is answered at once where there is something that its broker does not know, and else after a third of the
 * lease, so that it is the heartbeat too; of two polls of a broker the earlier one is answered when the later one comes. A
 * step is in force when all brokers that live act by it (see {@link StepsInForce}).
 *
 * <p>All state belongs to the executor, which is not the controller's: heartbeats don't wait for decisions. Methods may be
 * called from any thread.
 */
public final class MetadataPublisher implements ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataPublisher.class);

    /** How long brokers are waited for: longer than one of them waits for its own parts. */
    static final long PATIENCE_MS = ImageApplier.PATIENCE_MS + 2_000;

    static final int TICKS_A_LEASE = 12;
    /** How long a knock may take: on a network that works it is one round trip. */
    static final long KNOCK_MS = 1_000;

    private final BrokerId self;
    private final long leaseMs;
    private final MetadataView view;
    private final PeerClient peers;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;
    private final PublisherMeter meter;

    private Liveness liveness;
    private Term term;

    /**
     * @param leaseMs how long a silent broker counts as alive
     * @param view what this broker knew before it was elected
     * @param executor runs one task after the other
     */
    public MetadataPublisher(
            BrokerId self,
            long leaseMs,
            MetadataView view,
            PeerClient peers,
            Clock clock,
            Timer timer,
            Executor executor,
            PublisherMeter meter) {
        this.self = self;
        this.leaseMs = leaseMs;
        this.view = view;
        this.peers = peers;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        this.meter = meter;
    }

    /** One time in office. */
    private static final class Term {
        private final StepHistory history;
        private final LeaseMachine leases;
        private final StepsInForce inForce = new StepsInForce();
        /** The polls that wait, one a broker. */
        private final Map<BrokerId, OpenPoll> open = new HashMap<>();
        /** Registrations that were heard. */
        private final Map<BrokerId, BrokerEpoch> arrived = new HashMap<>();
        /** Those of them that the controller has not taken in yet: they get no images. */
        private final Map<BrokerId, BrokerEpoch> awaited = new HashMap<>();
        /** Registrations that are leaving, and whether they may. */
        private final Map<BrokerId, Leave> leaving = new HashMap<>();

        Term(StepHistory history, LeaseMachine leases) {
            this.history = history;
            this.leases = leases;
        }
    }

    /** A registration that wants to shut down. */
    private static final class Leave {
        private final BrokerEpoch epoch;
        private boolean granted;

        Leave(BrokerEpoch epoch) {
            this.epoch = epoch;
        }
    }

    /** Says who has to hear of the dead. Called once, before the first election. */
    public void start(Liveness controller) {
        liveness = controller;
    }

    /** Follows the election: to be told of all its events, before anybody who polls because of them. */
    public void on(ControllerElection.Event event) {
        switch (event) {
            case ControllerElection.Event.Elected(ControllerEpoch epoch, int version) ->
                executor.execute(() -> begin(epoch));
            case ControllerElection.Event.Resigned resigned -> executor.execute(this::end);
            case ControllerElection.Event.Refused refused -> executor.execute(this::end);
            case ControllerElection.Event.Elsewhere elsewhere -> executor.execute(this::end);
            case ControllerElection.Event.Suspended suspended -> {
                // It may yet resume, and nothing is published meanwhile. Brokers keep what they know.
            }
            case ControllerElection.Event.Resumed resumed -> {}
        }
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        CompletableFuture<Void> inForce = new CompletableFuture<>();
        executor.execute(() -> publish(step, inForce));
        return inForce;
    }

    /** Takes a poll; the answer comes when there is one. */
    public OpenPoll ask(PollQuestion question) {
        OpenPoll poll = new OpenPoll(this, question);
        executor.execute(() -> take(poll));
        return poll;
    }

    void abandoned(OpenPoll poll) {
        executor.execute(() -> {
            BrokerId broker = poll.question().broker();
            if (term != null && poll.number() != LeaseMachine.NO_POLL) {
                if (term.open.remove(broker, poll)) {
                    // Its connection ends when it has been answered.
                    answer(poll);
                }
                act(term.leases.gone(broker, poll.number()));
            }
        });
    }

    void hurried(OpenPoll poll) {
        executor.execute(() -> {
            if (term != null && term.open.remove(poll.question().broker(), poll)) {
                answer(poll);
            }
        });
    }

    private void begin(ControllerEpoch epoch) {
        end();
        long nowNs = clock.monotonicNs();
        term = new Term(new StepHistory(epoch), new LeaseMachine(self, leaseMs * 1_000_000, nowNs));
        ClusterImage known = view.image();
        act(term.leases.expect(known.brokers().values(), known.controller(), nowNs));
        tickLater(term);
    }

    private void end() {
        if (term == null) {
            return;
        }
        Term over = term;
        term = null;
        meter.leases(0);
        over.open.values().forEach(poll -> poll.answer(notController()));
        over.inForce.end();
    }

    private void publish(ImageStep step, CompletableFuture<Void> inForce) {
        ImageVersion version = step.after().version();
        if (term == null || !version.controllerEpoch().equals(term.history.epoch())) {
            // Decided and written, but somebody else is to say so.
            inForce.complete(null);
            return;
        }
        boolean first = term.history.image() == null;
        term.history.add(step);
        Collection<BrokerImage> brokers = step.after().brokers().values();
        Set<BrokerId> living = new HashSet<>();
        brokers.forEach(broker -> living.add(broker.id()));
        if (first || !step.after().brokers().equals(step.before().brokers())) {
            act(term.leases.registered(brokers, clock.monotonicNs()));
            List<BrokerId> gone = new ArrayList<>(step.before().brokers().keySet());
            gone.removeAll(living);
            term.inForce.excuse(gone);
        }
        living.removeIf(term.leases::isFenced);
        term.inForce.add(version, living, clock.monotonicNs() + PATIENCE_MS * 1_000_000, inForce);
        List<OpenPoll> waiting = new ArrayList<>(term.open.values());
        waiting.removeIf(poll -> term.awaited.containsKey(poll.question().broker()));
        term.open.values().removeAll(waiting);
        waiting.forEach(this::answer);
    }

    private void take(OpenPoll poll) {
        PollQuestion question = poll.question();
        meter.polled();
        if (term == null) {
            poll.answer(notController());
            return;
        }
        long nowNs = clock.monotonicNs();
        List<LeaseMachine.Effect> effects = new ArrayList<>();
        long number = term.leases.polled(question.broker(), question.epoch(), nowNs, effects);
        if (number == LeaseMachine.NO_POLL) {
            poll.answer(new PollAnswer.Refused(Failure.of(
                    Errors.STALE_BROKER_EPOCH,
                    "Broker " + question.broker() + " is registered with a later epoch than " + question.epoch())));
            return;
        }
        long waitMs = Math.clamp(question.maxWaitMs(), 0, leaseMs / 3);
        poll.accepted(number, nowNs + waitMs * 1_000_000);
        if (!question.epoch().equals(term.arrived.put(question.broker(), question.epoch()))) {
            Term now = term;
            term.awaited.put(question.broker(), question.epoch());
            liveness.arrived(question.broker(), question.epoch(), question.closedUnder())
                    .whenComplete((nothing, never) ->
                            executor.execute(() -> takenIn(now, question.broker(), question.epoch())));
        }
        act(effects);
        term.inForce.applied(question.broker(), question.applied());
        boolean news = question.leaving() && isLeaveGranted(question);
        OpenPoll earlier = term.open.remove(question.broker());
        if (earlier != null) {
            answer(earlier);
        }
        if (news || !news(question, false).isEmpty()) {
            answer(poll);
        } else {
            term.open.put(question.broker(), poll);
        }
    }

    private void answer(OpenPoll poll) {
        PollQuestion question = poll.question();
        Leave leave = term.leaving.get(question.broker());
        boolean mayLeave = leave != null && leave.epoch.equals(question.epoch()) && leave.granted;
        PollAnswer.News news = news(question, mayLeave);
        meter.answered(news);
        poll.answer(news);
    }

    private PollAnswer.News news(PollQuestion question, boolean mayLeave) {
        return term.awaited.containsKey(question.broker())
                ? new PollAnswer.News(term.history.epoch(), null, List.of(), false)
                : term.history.since(question.known(), mayLeave);
    }

    private void takenIn(Term then, BrokerId broker, BrokerEpoch epoch) {
        if (term != then || !term.awaited.remove(broker, epoch)) {
            return;
        }
        OpenPoll waiting = term.open.get(broker);
        if (waiting != null && !news(waiting.question(), false).isEmpty()) {
            term.open.remove(broker);
            answer(waiting);
        }
    }

    /** Has the controller take over what the broker leads, once; whether that is done. */
    private boolean isLeaveGranted(PollQuestion question) {
        Leave leave = term.leaving.get(question.broker());
        if (leave == null || !leave.epoch.equals(question.epoch())) {
            Leave begun = new Leave(question.epoch());
            Term now = term;
            now.leaving.put(question.broker(), begun);
            liveness.leaving(question.broker(), question.epoch())
                    .whenComplete(
                            (nothing, failure) -> executor.execute(() -> left(now, question.broker(), begun, failure)));
            return begun.granted;
        }
        return leave.granted;
    }

    private void left(Term then, BrokerId broker, Leave leave, Throwable failure) {
        if (term != then) {
            return;
        }
        if (failure != null) {
            LOG.warn(
                    "Broker {} wants to shut down, but what it leads could not be moved: {}",
                    broker,
                    failure.toString());
            term.leaving.remove(broker, leave);
            return;
        }
        leave.granted = true;
        OpenPoll waiting = term.open.get(broker);
        if (waiting != null && waiting.question().leaving()) {
            term.open.remove(broker);
            answer(waiting);
        }
    }

    private void tickLater(Term now) {
        timer.schedule(
                leaseMs / TICKS_A_LEASE,
                () -> executor.execute(() -> {
                    if (term == now) {
                        tick();
                        tickLater(now);
                    }
                }));
    }

    private void tick() {
        long nowNs = clock.monotonicNs();
        act(term.leases.tick(nowNs));
        meter.leases(term.leases.running());
        for (ImageVersion late : term.inForce.expire(nowNs)) {
            LOG.warn("Not all brokers act by the step to {} after {} ms; nobody waits any longer", late, PATIENCE_MS);
        }
        List<OpenPoll> due = new ArrayList<>();
        term.open.values().removeIf(poll -> nowNs - poll.dueNs() >= 0 && due.add(poll));
        due.forEach(this::answer);
    }

    private void act(List<LeaseMachine.Effect> effects) {
        for (LeaseMachine.Effect effect : effects) {
            switch (effect) {
                case LeaseMachine.Effect.Probe probe -> probe(probe);
                case LeaseMachine.Effect.Fence(BrokerId broker, BrokerEpoch epoch, boolean refused) -> {
                    LOG.warn(
                            "Broker {} of epoch {} is fenced: {}",
                            broker,
                            epoch,
                            refused ? "its process is gone" : "it was silent for " + leaseMs + " ms");
                    meter.fenced(refused);
                    term.inForce.excuse(List.of(broker));
                    liveness.fenced(broker, epoch);
                }
                case LeaseMachine.Effect.Unfence(BrokerId broker, BrokerEpoch epoch) -> {
                    LOG.info("Broker {} of epoch {} is heard again", broker, epoch);
                    liveness.unfenced(broker, epoch);
                }
                case LeaseMachine.Effect.Forget(BrokerId broker, BrokerEpoch epoch) -> forget(broker, epoch);
            }
        }
    }

    private void forget(BrokerId broker, BrokerEpoch epoch) {
        term.arrived.remove(broker, epoch);
        term.awaited.remove(broker, epoch);
        Leave leave = term.leaving.get(broker);
        if (leave != null && leave.epoch.equals(epoch)) {
            term.leaving.remove(broker);
        }
        liveness.forgotten(broker, epoch);
    }

    private void probe(LeaseMachine.Effect.Probe probe) {
        Term then = term;
        if (probe.attempt() == 0) {
            meter.suspected();
            knock(then, probe);
            return;
        }
        timer.schedule(
                probe.delayMs(),
                () -> executor.execute(() -> {
                    if (term == then && then.leases.isSuspect(probe)) {
                        knock(then, probe);
                    }
                }));
    }

    private void knock(Term then, LeaseMachine.Effect.Probe probe) {
        peers.probe(probe.broker(), KNOCK_MS)
                .whenComplete((found, never) -> executor.execute(() -> {
                    if (term == then) {
                        act(then.leases.probed(probe, found));
                    }
                }));
    }

    private static PollAnswer.Complete notController() {
        return new PollAnswer.Refused(Failure.of(Errors.NOT_CONTROLLER, "This broker is not the controller"));
    }
}
