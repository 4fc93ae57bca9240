package io.ottla.cluster;

import io.ottla.peer.PeerClient.Presence;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;

/**
 * When a broker polls whom, and when it takes the controller for dead.
 *
 * <pre>
 *            ┌── answered, nothing to apply; or applied; or it takes a while ──┐
 *            ▼                                                                │
 *   wait ▶ poll ── broken ──▶ knock ── refused ──▶ have its node removed ──┐   │
 *    ▲       │                  └── otherwise ──────────────────────────┐ │   │
 *    └───────┴── refused: not the controller (yet, any more) ──▶ pause ◀┴─┘   │
 * </pre>
 *
 * <p>A controller that is silent for a lease has its node removed too; by then it has left two answers out. Whoever stalled
 * himself has no right to judge: where more than half a lease has passed between two ticks the controller's silence begins
 * anew. Removing is asked for once, and again only after a lease; that it is suspected is said once, until a controller
 * answers.
 *
 * <p>Each new turn makes void what an earlier one still brings. Pure: time comes in, effects go out. Not thread-safe.
 */
final class PollMachine {
    /** What is to be done. */
    sealed interface Effect {
        /** Poll, and tell what came of it with the same turn. */
        record Poll(long turn, BrokerId controller) implements Effect {}

        /** Knock, and tell {@link PollMachine#probed} with the same turn. */
        record Probe(long turn, BrokerId controller) implements Effect {}

        /** Say that this controller seems to be dead; {@link Heard} follows, or another suspect. */
        record Suspect(BrokerId controller) implements Effect {}

        /** Say that this controller answers, after one was suspected. */
        record Heard(BrokerId controller) implements Effect {}

        /** Have the dead controller's node taken away. */
        record Remove(BrokerId controller) implements Effect {}

        /** Tell {@link PollMachine#woken} with the same turn. */
        record Wake(long turn, long delayMs) implements Effect {}
    }

    /** How long the next poll waits for the steps that the last one brought to be applied, to say so. */
    static final long HOLD_MS = 100;

    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 500;
    /** A poll, and one that overtakes it with news of what was applied. */
    private static final int MOST_OPEN = 2;

    private final BrokerId self;
    private final long leaseNs;

    private BrokerId controller = BrokerId.NONE;
    private long turn;
    private int open;
    private long openedNs;
    private int failures;
    private long heardNs;
    private long lastTickNs;
    private boolean asked;
    private long askedNs;
    /** Whom it was said of that he seems to be dead; none once a controller has answered. */
    private BrokerId suspect = BrokerId.NONE;

    PollMachine(BrokerId self, long leaseNs, long nowNs) {
        this.self = self;
        this.leaseNs = leaseNs;
        this.lastTickNs = nowNs;
    }

    /** That broker is the controller; {@link BrokerId#NONE} is no news: the last one may still be there. */
    List<Effect> controllerIs(BrokerId broker, long nowNs) {
        if (broker.isNone() || broker.equals(controller) && open > 0) {
            return List.of();
        }
        if (!broker.equals(controller)) {
            controller = broker;
            asked = false;
        }
        turn++;
        open = 0;
        failures = 0;
        heardNs = nowNs;
        return List.of(poll(nowNs));
    }

    /**
     * The controller has answered.
     *
     * @param applying whether what came has yet to be applied
     */
    List<Effect> answered(long ofTurn, boolean applying, long nowNs) {
        if (ofTurn != turn) {
            return List.of();
        }
        open--;
        failures = 0;
        heardNs = nowNs;
        List<Effect> effects = new ArrayList<>(2);
        if (!suspect.isNone()) {
            suspect = BrokerId.NONE;
            effects.add(new Effect.Heard(controller));
        }
        if (open == 0) {
            effects.add(applying ? new Effect.Wake(turn, HOLD_MS) : poll(nowNs));
        }
        return effects;
    }

    /** There is something that the controller should hear now. */
    List<Effect> news(long nowNs) {
        boolean mayPoll = !controller.isNone() && failures == 0 && open < MOST_OPEN;
        return mayPoll ? List.of(poll(nowNs)) : List.of();
    }

    /** Whoever was asked is not the controller, or can't say anything to us. */
    List<Effect> refused(long ofTurn, long nowNs) {
        if (ofTurn != turn) {
            return List.of();
        }
        heardNs = nowNs;
        fail();
        return List.of(pause());
    }

    /** The connection broke, or could not be made. */
    List<Effect> broken(long ofTurn) {
        if (ofTurn != turn) {
            return List.of();
        }
        fail();
        return List.of(controller.equals(self) ? pause() : new Effect.Probe(turn, controller));
    }

    /** What a knock found. */
    List<Effect> probed(long ofTurn, Presence found, long nowNs) {
        if (ofTurn != turn) {
            return List.of();
        }
        return switch (found) {
            case REFUSED -> {
                List<Effect> effects = removal(nowNs);
                effects.add(pause());
                yield effects;
            }
            case LISTENING -> List.of(failures == 1 ? poll(nowNs) : pause());
            case SILENT -> List.of(pause());
        };
    }

    /** The time of a pause is over. */
    List<Effect> woken(long ofTurn, long nowNs) {
        return ofTurn == turn && open == 0 ? List.of(poll(nowNs)) : List.of();
    }

    /** Time has passed; to be told several times a lease. */
    List<Effect> tick(long nowNs) {
        boolean stalled = nowNs - lastTickNs > leaseNs / 2;
        lastTickNs = nowNs;
        if (controller.isNone() || controller.equals(self)) {
            return List.of();
        }
        if (stalled) {
            heardNs = nowNs;
            openedNs = nowNs;
            return List.of();
        }
        if (open > 0 && nowNs - openedNs >= 2 * leaseNs) {
            return broken(turn);
        }
        return nowNs - heardNs >= leaseNs ? removal(nowNs) : List.of();
    }

    private void fail() {
        turn++;
        open = 0;
        failures++;
    }

    /** Nothing where it was asked for lately. */
    private List<Effect> removal(long nowNs) {
        List<Effect> effects = new ArrayList<>(3);
        if (controller.equals(self) || asked && nowNs - askedNs < leaseNs) {
            return effects;
        }
        asked = true;
        askedNs = nowNs;
        if (!controller.equals(suspect)) {
            suspect = controller;
            effects.add(new Effect.Suspect(controller));
        }
        effects.add(new Effect.Remove(controller));
        return effects;
    }

    private Effect poll(long nowNs) {
        open++;
        openedNs = nowNs;
        return new Effect.Poll(turn, controller);
    }

    private Effect pause() {
        return new Effect.Wake(turn, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(10, failures - 1)));
    }
}
