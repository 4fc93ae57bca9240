package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Conditions;
import io.ottla.chaos.cluster.Replicas;
import io.ottla.chaos.history.LogName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes one broker from a partition under test, moves the partition from the two that are left to another two, slowly, and in the
 * end gives it back to all three.
 */
final class Reassign implements Fault {
    /** What comes in between. */
    enum Amid {
        NOTHING,
        /** Of any broker, with SIGKILL. */
        KILL,
        CANCEL
    }

    private static final Duration TOLD = Duration.ofMinutes(1);
    private static final Duration DONE = Duration.ofMinutes(3);
    /** Less would be moved before anybody could look. */
    private static final long ENOUGH_BYTES = 200_000;

    private final Amid amid;

    Reassign(Amid amid) {
        this.amid = amid;
    }

    @Override
    public Struck strike(Scene scene) throws InterruptedException {
        LogName log = scene.anyLog();
        List<Integer> ids = new ArrayList<>(List.of(1, 2, 3));
        Collections.shuffle(ids, scene.random());
        List<Integer> from = List.of(ids.get(0), ids.get(1));
        List<Integer> to = List.of(ids.get(2), ids.get(1));
        BrokerNode victim = scene.cluster().broker(1 + scene.random().nextInt(3));
        Replicas replicas = new Replicas(scene.cluster());
        try {
            Fault.require(
                    Conditions.await(DONE, () -> replicas.size(log, ids.getFirst()) >= ENOUGH_BYTES),
                    log + " holds as much as is needed for its move to take a while");
            moved(replicas, log, from);
            order(() -> replicas.throttle(log.topic(), true), "replicas can be throttled");
            order(() -> replicas.move(log, to), log + " can be moved");
            boolean moving = Conditions.await(TOLD, () -> replicas.isMoving(log));
            Fault.require(moving, "the move of " + log + " from " + from + " to " + to + " is under way");
            if (amid == Amid.KILL) {
                victim.kill();
            }
        } catch (InterruptedException | RuntimeException e) {
            replicas.close();
            throw e;
        }
        String target = log + " from " + from + " to " + to + (amid == Amid.KILL ? ", broker " + victim.id() : "");
        return Fault.struck(target, () -> {
            try (replicas) {
                String seen = finish(scene, replicas, log, from, to);
                moved(replicas, log, List.of(ids.get(2), ids.get(1), ids.get(0)));
                return seen + ", and went back to all three";
            }
        });
    }

    private String finish(Scene scene, Replicas replicas, LogName log, List<Integer> from, List<Integer> to)
            throws IOException, InterruptedException {
        if (amid == Amid.KILL) {
            scene.cluster().healAll();
        }
        boolean wasMoving = isMoving(replicas, log);
        if (amid == Amid.CANCEL) {
            order(
                    () -> Fault.require(replicas.cancel(log), "there was a move to call off"),
                    "the move can be called off");
        }
        order(() -> replicas.throttle(log.topic(), false), "replicas can be let go");
        await(replicas, log, amid == Amid.CANCEL ? from : to);
        return switch (amid) {
            case CANCEL -> "it was called off under way";
            case KILL ->
                "the broker died amid it, " + (wasMoving ? "it went on" : "it was over") + " when that was back";
            case NOTHING -> "it came to be there";
        };
    }

    /** As soon as somebody says. */
    private static boolean isMoving(Replicas replicas, LogName log) throws InterruptedException {
        AtomicBoolean moving = new AtomicBoolean();
        Fault.require(
                Conditions.await(TOLD, () -> {
                    moving.set(replicas.isMoving(log));
                    return true;
                }),
                "somebody tells which moves there are");
        return moving.get();
    }

    private static void moved(Replicas replicas, LogName log, List<Integer> to) throws InterruptedException {
        order(() -> replicas.move(log, to), log + " can be moved");
        await(replicas, log, to);
    }

    private static void await(Replicas replicas, LogName log, List<Integer> at) throws InterruptedException {
        AtomicReference<Replicas.Place> seen = new AtomicReference<>();
        boolean is = Conditions.await(DONE, () -> {
            seen.set(replicas.look(log));
            return replicas.isAt(log, at);
        });
        if (!is) {
            throw new IneffectiveException("Expected " + log + " to be at " + at + " within " + DONE
                    + ", all of them in sync, but it is " + seen.get());
        }
    }

    @FunctionalInterface
    private interface Order {
        void give() throws Exception;
    }

    /** Until it is taken. */
    private static void order(Order order, String what) throws InterruptedException {
        boolean taken = Conditions.await(TOLD, () -> {
            order.give();
            return true;
        });
        Fault.require(taken, what);
    }
}
