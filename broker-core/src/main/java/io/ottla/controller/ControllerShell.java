package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.time.Clock;
import io.ottla.time.LogLines;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the machines decide: one turn after the other, each of read or decide, write, publish. A turn whose writes
 * did not all succeed for certain ends with the draft thrown away: the store is read again, and what was asked for is
 * decided again.
 *
 * <p>Belongs to the controller's thread.
 */
final class ControllerShell {
    private static final Logger log = LoggerFactory.getLogger(ControllerShell.class);

    /** Decisions of one turn at most. */
    private static final int TURN = 500;
    /** How many decisions wait at most; further ones are refused. */
    static final int QUEUE = 10_000;
    /** How often something is decided at most. */
    private static final int ATTEMPTS = 5;

    private static final long RETRY_MS = 100;
    /** How long the roll is called at most: brokers poll as soon as they know of a controller. */
    private static final long CALL_MS = 1_000;
    /** Of leaders that may lack records. */
    private static final int LINES_PER_SECOND = 100;

    private final ControllerElection election;
    private final MetadataStore store;
    private final ImageListener publisher;
    private final Executor executor;
    private final Clock clock;
    private final Timer timer;
    private final Observer observer;
    private final Supplier<ClusterImage> seen;
    private final ControllerMeter meter;
    private final LogLines lines;

    private final Deque<PendingDecision<?>> queue = new ArrayDeque<>();
    private final Set<StoreEvent> dirty = new LinkedHashSet<>();
    private final TopicRemovals removals = new TopicRemovals();
    private List<PendingDecision<?>> inHand = List.of();
    private ClusterImage published = ClusterImage.EMPTY;
    private volatile ClusterImage shown;
    private volatile EpochGuard guard;
    private Registrations registrations = Registrations.NONE;
    private boolean anew;
    private boolean calledLongEnough;
    private Draft draft;
    private long number;
    private long term;
    private volatile boolean suspended;
    /** Why this broker is not the controller: half a sentence for people. */
    private String absence = "no controller has been elected yet";

    private boolean busy;
    private boolean removedLast;
    private boolean oneByOne;
    private boolean closed;
    private int failures;

    ControllerShell(Controller.Ports ports, Observer observer) {
        this.election = ports.election();
        this.store = ports.store();
        this.publisher = ports.publisher();
        this.executor = ports.executor();
        this.clock = ports.clock();
        this.timer = ports.timer();
        this.observer = observer;
        this.seen = ports.seen();
        this.meter = new ControllerMeter(ports.metrics());
        this.lines = new LogLines(ports.clock(), LINES_PER_SECOND);
    }

    void watch() {
        store.watch(event -> executor.execute(() -> {
            if (guard != null) {
                dirty.add(event);
                proceed();
            }
        }));
    }

    /** Any thread. */
    ClusterImage shown() {
        return shown;
    }

    /** Whether it can decide something now: it is in office, and the store is there. Any thread. */
    boolean isAble() {
        return guard != null && !suspended;
    }

    private Failure notController() {
        return Failure.of(Errors.NOT_CONTROLLER, "This broker is not the controller: " + absence);
    }

    ControllerEpoch epoch() {
        return guard == null ? ControllerEpoch.NONE : guard.epoch();
    }

    void on(ControllerElection.Event event) {
        switch (event) {
            case ControllerElection.Event.Elected(ControllerEpoch epoch, int epochVersion) ->
                elected(new EpochGuard(epoch, epochVersion));
            case ControllerElection.Event.Resigned(String why) -> stepDown(why);
            case ControllerElection.Event.Elsewhere(BrokerId controller) -> {
                if (controller.isNone()) {
                    log.info("No broker is the controller at the moment");
                } else {
                    absence = "broker " + controller + " is";
                    log.info("The controller is broker {}", controller);
                }
            }
            case ControllerElection.Event.Suspended() -> suspended = true;
            case ControllerElection.Event.Resumed() -> {
                suspended = false;
                proceed();
            }
            case ControllerElection.Event.Refused(String why) -> {
                absence = why;
                log.error("No controller can work here: {}", why);
            }
        }
    }

    void take(PendingDecision<?> decision) {
        if (guard == null || closed) {
            decision.refuse(notController());
        } else if (queue.size() >= QUEUE) {
            decision.refuse(Failure.of(
                    Errors.REQUEST_TIMED_OUT, "Expected room for another request, but " + QUEUE + " wait already"));
        } else {
            queue.add(decision);
            proceed();
        }
    }

    void close() {
        closed = true;
        stepDown("the broker stops");
    }

    private void elected(EpochGuard won) {
        if (closed) {
            return;
        }
        stepDown("a new term begins");
        log.info("Elected as controller of epoch {}", won.epoch());
        guard = won;
        number = 0;
        term++;
        suspended = false;
        busy = false;
        draft = null;
        anew = true;
        calledLongEnough = false;
        proceed();
    }

    /** Steps down: nothing is written or published from here on. */
    private void stepDown(String why) {
        if (guard == null) {
            return;
        }
        log.info("No longer the controller of epoch {}: {}", guard.epoch(), why);
        absence = why;
        guard = null;
        draft = null;
        busy = false;
        term++;
        shown = null;
        meter.shows(null);
        dirty.clear();
        Failure failure = notController();
        inHand.forEach(decision -> decision.refuse(failure));
        inHand = List.of();
        queue.forEach(decision -> decision.refuse(failure));
        queue.clear();
        removals.end();
    }

    /** Begins the next turn, where there is reason to and none is under way. */
    private void proceed() {
        if (busy || guard == null || suspended) {
            return;
        }
        if (draft == null) {
            load();
        } else if (calledLongEnough && draft.registrations().calling()) {
            log.warn(
                    "Decides about leaders without having heard how brokers {} came through: they lead nothing before",
                    draft.registrations().unheard());
            guarded(() -> commit(observer.endCall(draft, guard.epoch()), false));
        } else if (!dirty.isEmpty()) {
            look();
        } else if (removals.areDue() && (queue.isEmpty() || !removedLast)) {
            removedLast = true;
            remove();
        } else if (!queue.isEmpty()) {
            removedLast = false;
            guarded(this::decide);
        }
    }

    /** A bug in a decision ends that decision, not the controller. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("A decision of the controller broke; reading the store again", e);
            Failure failure = Failure.of(Errors.UNKNOWN_SERVER_ERROR);
            inHand.forEach(decision -> decision.refuse(failure));
            inHand = List.of();
            draft = null;
            proceedLater();
        }
    }

    private void load() {
        dirty.clear();
        await(store.load(), stored -> {
            stored.unreadable().values().forEach(why -> log.error("Left as it is: {}", why));
            ClusterImage told = anew ? seen.get() : null;
            if (!Observer.canOpen(stored, told == null ? published : told)) {
                proceedLater();
                return;
            }
            Observer.Opening opening = observer.open(stored, published, registrations, told, guard.epoch());
            draft = opening.draft();
            removals.begin(draft.image());
            if (draft.registrations().calling()) {
                log.info(
                        "Hears how brokers {} came through before it decides about leaders, for up to {} ms",
                        draft.registrations().unheard(),
                        CALL_MS);
                endCallLater();
            }
            commit(opening.tally(), true);
        });
    }

    private void endCallLater() {
        long then = term;
        timer.schedule(
                CALL_MS,
                () -> executor.execute(() -> {
                    if (then == term) {
                        calledLongEnough = true;
                        proceed();
                    }
                }));
    }

    private void look() {
        List<StoreEvent> events = List.copyOf(dirty);
        dirty.clear();
        await(
                StoreReadings.take(store, events, draft.image().topics().keySet()),
                found -> commit(observer.take(draft, found, guard.epoch(), clock.wallMs()), false));
    }

    private void decide() {
        List<PendingDecision<?>> taken = new ArrayList<>();
        inHand = taken;
        int most = oneByOne ? 1 : TURN;
        Elections.Tally tally = Elections.Tally.NONE;
        long now = clock.monotonicNs();
        while (!queue.isEmpty() && taken.size() < most) {
            PendingDecision<?> decision = queue.poll();
            if (decision.attempts() == 0) {
                meter.waited(now - decision.askedNs());
            }
            taken.add(decision);
            tally = tally.plus(decision.decide(draft));
        }
        commit(tally, false);
    }

    private void remove() {
        List<String> names = removals.take();
        List<CompletableFuture<WriteOutcome>> outcomes = names.stream()
                .map(draft.image()::topic)
                .filter(Objects::nonNull)
                .map(topic -> store.removeTopic(guard, topic).toCompletableFuture())
                .toList();
        awaitWrites(outcomes, () -> {
            TopicRemovals.forget(names, draft);
            commit(Elections.Tally.NONE, false);
        });
    }

    /** Writes what the draft wants, then publishes it. */
    private void commit(Elections.Tally tally, boolean whole) {
        List<List<StoreWrite>> writes = draft.writes();
        if (writes.isEmpty()) {
            publish(whole);
            return;
        }
        List<CompletableFuture<WriteOutcome>> outcomes = writes.stream()
                .map(together -> store.write(guard, together).toCompletableFuture())
                .toList();
        awaitWrites(outcomes, () -> {
            draft.written();
            meter.elected(tally);
            tally.risky().forEach(this::warn);
            publish(whole);
        });
    }

    private void warn(Elections.Risk risk) {
        lines.write(more -> log.warn(
                "{} is led by broker {}, {}{}",
                risk.partition(),
                risk.leader(),
                risk.grounds() == LeaderElection.Grounds.UNCLEAN
                        ? "which was not in sync: what it lacks is lost (unclean.leader.election.enable)"
                        : "the last that led it: nobody is left who is known to have everything, and if its machine crashed, what it had not"
                                + " written to its disk is lost",
                more));
    }

    private void publish(boolean whole) {
        registrations = draft.registrations();
        anew = false;
        ImageStep step = draft.step(published, whole, new ImageVersion(guard.epoch(), number + 1));
        CompletionStage<Void> inForce = CompletableFuture.completedFuture(null);
        if (step != null) {
            number++;
            published = step.after();
            show();
            inForce = publisher.apply(step);
            removals.note(step, inForce);
        }
        show();
        oneByOne = oneByOne && !queue.isEmpty();
        for (PendingDecision<?> decision : inHand) {
            decision.answer(published, inForce, names -> removals.gone(published, names));
        }
        inHand = List.of();
        failures = 0;
        executor.execute(this::proceed);
    }

    /** Before anybody is answered, so that who was answered sees what he was told. */
    private void show() {
        shown = published;
        meter.shows(published);
    }

    private void awaitWrites(List<CompletableFuture<WriteOutcome>> outcomes, Runnable whenWritten) {
        await(WriteOutcomes.worst(outcomes), worst -> {
            switch (worst) {
                case WriteOutcome.Written() -> whenWritten.run();
                case WriteOutcome.Deposed() -> {
                    stepDown("another controller has been elected");
                    election.lookAgain();
                }
                case WriteOutcome.Conflict(String what) -> again("The store is not as it was thought to be: " + what);
                case WriteOutcome.Unknown(String why) -> again("The fate of a write is unclear: " + why);
                case WriteOutcome.TooLarge(String what) -> tooLarge(what);
            }
        });
    }

    /** Reads the store anew, then decides again what was in hand. */
    private void again(String why) {
        log.warn("Reading the store again. {}", why);
        draft = null;
        List<PendingDecision<?>> back = inHand;
        inHand = List.of();
        for (PendingDecision<?> decision : back.reversed()) {
            if (decision.attempts() >= ATTEMPTS) {
                decision.refuse(Failure.of(
                        Errors.REQUEST_TIMED_OUT,
                        "Expected the store to take it, but it did not in " + ATTEMPTS + " attempts: " + why));
            } else {
                queue.addFirst(decision);
            }
        }
        failures++;
        if (failures == 1) {
            executor.execute(this::proceed);
        } else {
            proceedLater();
        }
    }

    /** One of those in hand wants too much: it is found by deciding them one by one. */
    private void tooLarge(String what) {
        if (inHand.size() == 1) {
            inHand.getFirst()
                    .refuse(Failure.of(Errors.POLICY_VIOLATION, "The store can't hold as much as that: " + what));
            inHand = List.of();
        }
        oneByOne = true;
        again("Too large: " + what);
    }

    /** Goes on with a result on the controller's thread, as long as this is the same term of office. */
    private <T> void await(CompletionStage<T> stage, Consumer<T> next) {
        busy = true;
        long then = term;
        stage.whenCompleteAsync(
                (result, error) -> {
                    if (then != term) {
                        return;
                    }
                    busy = false;
                    if (error == null) {
                        guarded(() -> next.accept(result));
                    } else {
                        unreachable(error);
                    }
                },
                executor);
    }

    private void unreachable(Throwable error) {
        log.warn("The store can't be read, trying again in {} ms: {}", RETRY_MS, error.toString());
        draft = null;
        proceedLater();
    }

    private void proceedLater() {
        busy = true;
        long then = term;
        timer.schedule(
                RETRY_MS,
                () -> executor.execute(() -> {
                    if (then == term) {
                        busy = false;
                        proceed();
                    }
                }));
    }
}
