package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** SIGSTOP until SIGCONT. */
final class Pause implements Fault {
    private final Victims victims;

    Pause(Victims victims) {
        this.victims = victims;
    }

    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        BrokerNode broker = victims.choose(cluster, random).getFirst();
        broker.pause();
        Fault.require(!broker.answers(Duration.ofMillis(300)), "a stopped broker answers nobody");
        String state = broker.state();
        Fault.require(state.equals("T"), "the state of a stopped process is T");
        return Fault.struck("broker " + broker.id(), () -> {
            broker.resume();
            return "its state was T, and it answered nobody";
        });
    }
}
