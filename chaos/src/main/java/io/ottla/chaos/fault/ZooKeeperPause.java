package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Conditions;
import io.ottla.chaos.cluster.ZooKeeperNode;
import java.io.IOException;
import java.time.Duration;

/** SIGSTOP of ZooKeeper until SIGCONT. */
final class ZooKeeperPause implements Fault {
    private static final Duration IN_FORCE = Duration.ofSeconds(30);

    @Override
    public Struck strike(Scene scene) throws IOException, InterruptedException {
        ZooKeeperNode zooKeeper = scene.cluster().zooKeeper();
        zooKeeper.pause();
        Fault.require(
                Conditions.await(
                        IN_FORCE, () -> zooKeeper.state().equals("T") && !zooKeeper.answers(Duration.ofMillis(300))),
                "a process that was sent SIGSTOP is in state T and answers nobody");
        return Fault.struck("ZooKeeper", () -> {
            zooKeeper.resume();
            return "its state was T, and it answered nobody";
        });
    }
}
