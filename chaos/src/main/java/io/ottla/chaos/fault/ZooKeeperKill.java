package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.ZooKeeperNode;
import java.io.IOException;
import java.time.Duration;

/** SIGKILL of ZooKeeper, until it is started again. */
final class ZooKeeperKill implements Fault {
    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        ZooKeeperNode zooKeeper = scene.cluster().zooKeeper();
        zooKeeper.kill();
        Fault.require(!zooKeeper.answers(Duration.ofMillis(200)), "a dead ZooKeeper answers nobody");
        return Fault.struck("ZooKeeper", () -> {
            zooKeeper.start();
            return "it was dead";
        });
    }
}
