package io.ottla.broker;

import io.ottla.cluster.MetadataPoll;
import io.ottla.cluster.MetadataPublisher;
import io.ottla.cluster.MetadataSource;
import io.ottla.cluster.MetadataView;
import io.ottla.cluster.PeerEndpoints;
import io.ottla.cluster.PollMeter;
import io.ottla.cluster.PublisherMeter;
import io.ottla.cluster.RemotePolls;
import io.ottla.controller.Controller;
import io.ottla.controller.ControllerElection;
import io.ottla.controller.ElectionNews;
import io.ottla.metrics.Metrics;
import io.ottla.network.BrokerNetwork;
import io.ottla.peer.PeerClient;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.RegisteredBrokers;
import io.ottla.zookeeper.ZooKeeperElection;
import io.ottla.zookeeper.ZooKeeperSession;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * How this broker takes part in its cluster: the ways to the others, who is the controller, the metadata poll to it, and
 * what it says and hears as the controller. Thread-safe, once it has been joined.
 */
final class Membership {
    private final BrokerId self;
    private final BrokerPorts ports;
    private final Supplier<BrokerEpoch> epoch;
    private final long leaseMs;
    private final Metrics metrics;
    private final PeerClient peers;
    private final RemotePolls remote;
    private final ElectionNews election;
    private final MetadataPublisher publisher;
    private volatile BrokerId controller = BrokerId.NONE;
    private MetadataPoll poll;

    /**
     * @param listener the name of the one that brokers use among themselves
     * @param epoch of the present registration
     * @param leaseMs how long a silent broker, or controller, counts as alive
     */
    Membership(
            BrokerId self,
            BrokerPorts ports,
            BrokerNetwork network,
            ZooKeeperSession session,
            Supplier<String> listener,
            MetadataView view,
            Supplier<BrokerEpoch> epoch,
            long leaseMs,
            Metrics metrics) {
        this.self = self;
        this.ports = ports;
        this.epoch = epoch;
        this.leaseMs = leaseMs;
        this.metrics = metrics;
        BrokerExecutors threads = ports.executors();
        PeerEndpoints endpoints = new PeerEndpoints(view, listener);
        this.peers = network.peers(self, endpoints);
        this.remote = new RemotePolls(
                peers,
                endpoints,
                new RegisteredBrokers(session, threads.orders().poll()),
                leaseMs,
                threads.orders().poll());
        this.election = new ElectionNews(new ZooKeeperElection(
                session, self, ports.clock(), threads.timer(), threads.orders().controller()));
        this.publisher = new MetadataPublisher(
                self,
                leaseMs,
                view,
                peers,
                ports.clock(),
                threads.timer(),
                threads.orders().publisher(),
                new PublisherMeter(metrics));
        election.listen(publisher::on);
        election.listen(this::on);
    }

    private void on(ControllerElection.Event event) {
        switch (event) {
            case ControllerElection.Event.Elected elected -> controller = self;
            case ControllerElection.Event.Elsewhere(BrokerId broker) -> controller = broker;
            case ControllerElection.Event.Resigned resigned -> controller = BrokerId.NONE;
            case ControllerElection.Event.Refused refused -> controller = BrokerId.NONE;
            case ControllerElection.Event.Suspended suspended -> {
                // Nobody else is elected as long as it may resume.
            }
            case ControllerElection.Event.Resumed resumed -> {}
        }
    }

    PeerClient peers() {
        return peers;
    }

    ControllerElection election() {
        return election;
    }

    MetadataPublisher publisher() {
        return publisher;
    }

    /** As the election says; {@link BrokerId#NONE} while nobody is known. */
    BrokerId controller() {
        return controller;
    }

    /**
     * Begins to listen to the cluster, before the election is begun.
     *
     * @param incarnation drawn by this process
     * @param closedUnder the broker epoch under which the logs were last closed properly
     * @param sink takes the steps
     */
    void join(Controller beside, Uuid incarnation, BrokerEpoch closedUnder, MetadataSource.Sink sink) {
        BrokerExecutors threads = ports.executors();
        publisher.start(beside);
        poll = new MetadataPoll(
                new MetadataPoll.Member(self, incarnation, epoch, closedUnder, leaseMs),
                new MetadataPoll.Ports(
                        publisher,
                        remote,
                        peers,
                        election::removeDead,
                        ports.clock(),
                        threads.timer(),
                        threads.orders().poll(),
                        new PollMeter(ports.clock(), metrics)));
        election.listen(poll::on);
        poll.follow(sink);
    }

    /** Has the controller let others lead what this broker leads; done when that is so. */
    CompletionStage<Void> leave() {
        return poll.leave();
    }

    /** As {@link MetadataPoll#isInTouch}. */
    boolean isInTouch() {
        MetadataPoll begun = poll;
        return begun != null && begun.isInTouch();
    }

    /** Whether a controller knows how this broker's logs came through the time before its start. */
    boolean isTakenIn() {
        return poll != null && poll.isTakenIn();
    }

    /** Polls no more. */
    void close() {
        if (poll != null) {
            poll.close();
        }
    }
}
