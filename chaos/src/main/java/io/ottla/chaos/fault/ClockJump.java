package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Conditions;
import java.io.IOException;
import java.time.Duration;

/** The wall clock of one broker is set, and set back. */
final class ClockJump implements Fault {
    private static final int FURTHEST_S = 1_800;
    private static final Duration IN_FORCE = Duration.ofMinutes(1);
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(scene).getFirst();
        int seconds = 30 + scene.random().nextInt(FURTHEST_S - 30);
        Duration ahead = Duration.ofSeconds(scene.random().nextBoolean() ? seconds : -seconds);
        broker.clock().set(ahead);
        Fault.require(
                Conditions.await(IN_FORCE, () -> isNear(broker.ahead(), ahead)),
                "the clock of broker " + broker.id() + " is " + ahead.toSeconds() + " s ahead");
        return Fault.struck("broker " + broker.id(), () -> {
            broker.clock().set(Duration.ZERO);
            Fault.require(
                    Conditions.await(IN_FORCE, () -> isNear(broker.ahead(), Duration.ZERO)),
                    "the clock of broker " + broker.id() + " is set back");
            return "it told a time " + ahead.toSeconds() + " s ahead";
        });
    }

    private static boolean isNear(Duration is, Duration expected) {
        return is.minus(expected).abs().compareTo(TOLERANCE) <= 0;
    }
}
