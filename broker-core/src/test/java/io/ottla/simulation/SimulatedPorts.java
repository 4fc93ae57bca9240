package io.ottla.simulation;

import io.ottla.api.RequestDispatcher;
import io.ottla.broker.BrokerExecutors;
import io.ottla.broker.BrokerPorts;
import io.ottla.concurrent.Waiting;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.metadata.BrokerImage.Endpoint;
import io.ottla.network.BrokerNetwork;
import io.ottla.network.BrokerServer;
import io.ottla.peer.PeerClient;
import io.ottla.storage.Disk;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.SessionClient;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The world of one broker's process in a simulation. */
final class SimulatedPorts implements BrokerPorts {
    /** Makes clients of the simulation's ZooKeeper. */
    interface Sessions {
        SessionClient client(SimulatedProcess process, String machine, ZooKeeperProperties properties);
    }

    private final SimulatedProcess process;
    private final String machine;
    private final Disk disk;
    private final SimulatedNetwork network;
    private final Sessions sessions;
    private final Tampering tampering;
    private final BrokerExecutors executors;
    private final Waiting waiting = new SimulatedWaiting();

    SimulatedPorts(
            SimulatedProcess process,
            String machine,
            Disk disk,
            SimulatedNetwork network,
            Sessions sessions,
            Tampering tampering) {
        this.process = process;
        this.machine = machine;
        this.disk = disk;
        this.network = network;
        this.sessions = sessions;
        this.tampering = tampering;
        this.executors = new SimulatedExecutors(process);
    }

    @Override
    public Clock clock() {
        return process.clock();
    }

    @Override
    public Disk disk() {
        return disk;
    }

    @Override
    public BrokerExecutors executors() {
        return executors;
    }

    @Override
    public Waiting waiting() {
        return waiting;
    }

    @Override
    public RandomGenerator strongRandom() {
        return process.random();
    }

    @Override
    public RandomGenerator random() {
        return process.random();
    }

    @Override
    public SessionClient zooKeeper(ZooKeeperProperties properties) {
        return tampering.sessions(sessions.client(process, machine, properties));
    }

    @Override
    public BrokerNetwork network(NetworkProperties properties) {
        return new Network();
    }

    private final class Network implements BrokerNetwork {
        private SimulatedPeers peers;

        @Override
        public PeerClient peers(BrokerId self, Function<BrokerId, Endpoint> endpoints) {
            peers = new SimulatedPeers(SimulatedPorts.this.network, process, machine, endpoints, "broker-" + self);
            return tampering.peers(peers);
        }

        @Override
        public BrokerServer server(NetworkProperties listeners, RequestDispatcher dispatcher) {
            return new SimulatedServer(SimulatedPorts.this.network, process, machine, listeners, dispatcher, tampering);
        }

        @Override
        public void close() {
            if (peers != null) {
                peers.close();
            }
        }
    }
}
