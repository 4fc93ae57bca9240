package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Conditions;
import java.io.IOException;
import java.time.Duration;

/** SIGSTOP until SIGCONT. */
final class Pause implements Fault {
    private static final Duration IN_FORCE = Duration.ofSeconds(30);

    private final Victims victims;

    Pause(Victims victims) {
        this.victims = victims;
    }

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        BrokerNode broker = victims.choose(scene).getFirst();
        broker.pause();
        // A signal reaches one thread after the other, and each goes on until it does.
        Fault.require(
                Conditions.await(IN_FORCE, () -> broker.state().equals("T") && !broker.answers(Duration.ofMillis(300))),
                "a process that was sent SIGSTOP is in state T and answers nobody");
        return Fault.struck("broker " + broker.id(), () -> {
            broker.resume();
            return "its state was T, and it answered nobody";
        });
    }
}
