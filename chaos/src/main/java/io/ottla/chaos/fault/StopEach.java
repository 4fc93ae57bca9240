package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import io.ottla.chaos.cluster.Cluster;
import java.io.IOException;
import java.util.Random;

/** A rolling restart: it is over when it has been struck. */
final class StopEach implements Fault {
    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        for (BrokerNode broker : cluster.brokers()) {
            broker.stop();
            broker.start();
        }
        return Fault.struck("all brokers in turn", () -> "each ended in order and answered again");
    }
}
