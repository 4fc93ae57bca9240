package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.BrokerNode;
import java.io.IOException;
import java.time.Duration;

/** SIGTERM, until it is started again. */
final class Stop implements Fault {
    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        BrokerNode broker = Victims.ANY.choose(scene).getFirst();
        broker.stop();
        Fault.require(!broker.answers(Duration.ofMillis(200)), "a stopped broker answers nobody");
        return Fault.struck("broker " + broker.id(), () -> {
            broker.start();
            return "it ended in order";
        });
    }
}
