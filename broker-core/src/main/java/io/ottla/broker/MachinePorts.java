package io.ottla.broker;

import io.ottla.concurrent.Waiting;
import io.ottla.config.BrokerConfig;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metrics.Metrics;
import io.ottla.network.BrokerNetwork;
import io.ottla.network.NettyNetwork;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.zookeeper.CuratorClient;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.ZooKeeperSession;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The machine that a broker's process runs on. */
final class MachinePorts implements BrokerPorts {
    private final Clock clock;
    private final Metrics metrics;
    private final BrokerThreads threads;
    private final RandomGenerator strongRandom = new SecureRandom();
    private final RandomGenerator random = new LockedRandom(new SplittableRandom(strongRandom.nextLong()));

    MachinePorts(BrokerConfig config, Clock clock, Metrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
        this.threads = new BrokerThreads(clock, config);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Disk disk() {
        return Disk.system();
    }

    @Override
    public BrokerExecutors executors() {
        return threads;
    }

    @Override
    public Waiting waiting() {
        return Waiting.blocking();
    }

    @Override
    public RandomGenerator strongRandom() {
        return strongRandom;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public ZooKeeperSession session(ZooKeeperProperties properties, SessionFiles files) {
        return new KeptSession(
                properties,
                files,
                clock,
                metrics,
                threads.session(),
                waiting(),
                new CuratorClient(properties, clock, metrics));
    }

    @Override
    public BrokerNetwork network(NetworkProperties properties) {
        return new NettyNetwork(properties, clock, threads.timer(), metrics);
    }
}
