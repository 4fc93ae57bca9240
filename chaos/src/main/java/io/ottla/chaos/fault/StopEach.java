package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import java.io.IOException;

/** A rolling restart: it is over when it has been struck. */
final class StopEach implements Fault {
    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        for (BrokerNode broker : scene.cluster().brokers()) {
            broker.stop();
            broker.start();
        }
        return Fault.struck("all brokers in turn", () -> "each ended in order and answered again");
    }
}
