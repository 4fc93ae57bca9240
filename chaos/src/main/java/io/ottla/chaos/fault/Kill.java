package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** SIGKILL, until they are started again. */
final class Kill implements Fault {
    private final Victims victims;

    Kill(Victims victims) {
        this.victims = victims;
    }

    @Override
    public Struck strike(Scene scene) throws InterruptedException {
        List<BrokerNode> brokers = victims.choose(scene);
        for (BrokerNode broker : brokers) {
            broker.kill();
        }
        for (BrokerNode broker : brokers) {
            Fault.require(!broker.answers(Duration.ofMillis(200)), "a dead broker answers nobody");
        }
        return Fault.struck(Victims.names(brokers), () -> startAll(brokers, scene.cluster()));
    }

    private static String startAll(List<BrokerNode> brokers, Cluster cluster) throws IOException, InterruptedException {
        cluster.healAll();
        return Victims.names(brokers) + " was dead and its port refused";
    }
}
