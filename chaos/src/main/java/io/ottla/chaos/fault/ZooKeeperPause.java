package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.cluster.ZooKeeperNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;

/** SIGSTOP of ZooKeeper until SIGCONT. */
final class ZooKeeperPause implements Fault {
    @Override
    public Struck strike(Cluster cluster, Random random) throws IOException, InterruptedException {
        ZooKeeperNode zooKeeper = cluster.zooKeeper();
        zooKeeper.pause();
        Fault.require(!zooKeeper.answers(Duration.ofMillis(300)), "a stopped ZooKeeper answers nobody");
        return Fault.struck("ZooKeeper", () -> {
            zooKeeper.resume();
            return "it answered nobody";
        });
    }
}
