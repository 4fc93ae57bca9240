package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Conditions;
import io.ottla.chaos.cluster.Replicas;
import io.ottla.chaos.history.LogName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A broker's replica of a partition under test goes to the other one of its log folders. */
final class MoveFolder implements Fault {
    private static final Duration TOLD = Duration.ofMinutes(1);
    private static final Duration DONE = Duration.ofMinutes(3);

    private final boolean kills;

    /** @param kills whether the broker is killed amid it */
    MoveFolder(boolean kills) {
        this.kills = kills;
    }

    @Override
    public Struck strike(Scene scene) throws InterruptedException {
        LogName log = scene.anyLog();
        BrokerNode broker = Victims.ANY.choose(scene).getFirst();
        Replicas replicas = new Replicas(scene.cluster());
        AtomicReference<String> to = new AtomicReference<>();
        boolean moving;
        try {
            boolean begun = Conditions.await(TOLD, () -> {
                String from = replicas.folder(log, broker.id());
                to.compareAndSet(null, other(broker, from));
                replicas.moveFolder(log, broker.id(), to.get());
                return true;
            });
            Fault.require(begun, "the replica of " + log + " on broker " + broker.id() + " can be moved");
            moving = Conditions.await(Duration.ZERO, () -> replicas.isMovingFolder(log, broker.id()));
            if (kills) {
                broker.kill();
            }
        } catch (InterruptedException | RuntimeException e) {
            replicas.close();
            throw e;
        }
        return Fault.struck(
                "broker " + broker.id() + ", " + log + " to "
                        + Path.of(to.get()).getFileName(),
                () -> {
                    try (replicas) {
                        return finish(scene, replicas, broker, log, to.get(), moving);
                    }
                });
    }

    private static String other(BrokerNode broker, String from) {
        return broker.logFolders().stream()
                .map(Path::toString)
                .filter(each -> !each.equals(from))
                .findFirst()
                .orElseThrow();
    }

    private String finish(Scene scene, Replicas replicas, BrokerNode broker, LogName log, String to, boolean moving)
            throws IOException, InterruptedException {
        if (kills) {
            scene.cluster().healAll();
        }
        boolean done = Conditions.await(
                DONE, () -> replicas.folder(log, broker.id()).equals(to) && !replicas.isMovingFolder(log, broker.id()));
        Fault.require(done, "the replica of " + log + " is in " + to + " within " + DONE);
        return "it was moved"
                + (kills ? moving ? ", and the broker died amid it" : ", and the broker died behind it" : "");
    }
}
