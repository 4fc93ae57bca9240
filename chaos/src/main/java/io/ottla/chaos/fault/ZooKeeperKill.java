package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.ZooKeeperNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** SIGKILL of ZooKeeper, until it is started again. */
final class ZooKeeperKill implements Fault {
    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        ZooKeeperNode zooKeeper = cluster.zooKeeper();
        zooKeeper.kill();
        Fault.require(!zooKeeper.answers(Duration.ofMillis(200)), "a dead ZooKeeper answers nobody");
        return Fault.struck("ZooKeeper", () -> {
            zooKeeper.start();
            return "it was dead";
        });
    }
}
