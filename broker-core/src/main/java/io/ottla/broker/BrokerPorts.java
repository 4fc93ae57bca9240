package io.ottla.broker;

import io.ottla.concurrent.Waiting;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.network.BrokerNetwork;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.ZooKeeperSession;
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
     * A session with ZooKeeper that is not open yet. Called once.
     *
     * @param properties with the address of the ZooKeeper to use
     * @param files where the session's id and password are kept
     */
    ZooKeeperSession session(ZooKeeperProperties properties, SessionFiles files);

    /** Called once; opens nothing yet. */
    BrokerNetwork network(NetworkProperties properties);
}
