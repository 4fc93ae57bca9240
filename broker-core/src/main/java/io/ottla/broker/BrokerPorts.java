package io.ottla.broker;

import io.ottla.concurrent.Waiting;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.network.BrokerNetwork;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.zookeeper.SessionClient;
import java.util.random.RandomGenerator;

/**
 * All that a broker takes from outside of itself. A process gives it the machine ({@link MachinePorts}); a simulator gives
 * it a world of its own, and the wiring above is the same. Thread-safe.
 */
public interface BrokerPorts {
    Clock clock();

    Disk disk();

    BrokerExecutors executors();

    /** How the thread that starts and stops the broker waits. */
    Waiting waiting();

    /** For ids that must never meet again. Its source may block: not for event loops. */
    RandomGenerator strongRandom();

    /** For all else. */
    RandomGenerator random();

    /**
     * The way to ZooKeeper. Called once; opens nothing yet.
     *
     * @param properties with the address of the ZooKeeper to use
     */
    SessionClient zooKeeper(ZooKeeperProperties properties);

    /** Called once; opens nothing yet. */
    BrokerNetwork network(NetworkProperties properties);
}
