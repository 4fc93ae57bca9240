package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** SIGTERM, until it is started again. */
final class Stop implements Fault {
    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(cluster, random).getFirst();
        broker.stop();
        Fault.require(!broker.answers(Duration.ofMillis(200)), "a stopped broker answers nobody");
        return Fault.struck("broker " + broker.id(), () -> {
            broker.start();
            return "it ended in order";
        });
    }
}
