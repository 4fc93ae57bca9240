package io.ottla.broker;

import io.ottla.api.PeerFigures;
import io.ottla.api.RemoteProposals;
import io.ottla.api.RequestDispatcher;
import io.ottla.cluster.BrokerLifecycle;
import io.ottla.cluster.BrokerState;
import io.ottla.cluster.ClusterIdentity;
import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.cluster.ExporterMeter;
import io.ottla.cluster.ImageApplier;
import io.ottla.cluster.LossReports;
import io.ottla.cluster.SettingsNotInForce;
import io.ottla.concurrent.SerialExecutor;
import io.ottla.config.BrokerConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.controller.Controller;
import io.ottla.controller.StoredCluster;
import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.assign.GroupAssignors;
import io.ottla.coordinator.group.lag.LagMeter;
import io.ottla.coordinator.group.lag.LagRounds;
import io.ottla.coordinator.transaction.AskedCoordinators;
import io.ottla.coordinator.transaction.MarkerLog;
import io.ottla.coordinator.transaction.PartitionMarkers;
import io.ottla.coordinator.transaction.TransactionCoordinator;
import io.ottla.metadata.BrokerImage;
import io.ottla.metrics.Metrics;
import io.ottla.network.BrokerNetwork;
import io.ottla.network.BrokerServer;
import io.ottla.replication.Replicas;
import io.ottla.replication.Replication;
import io.ottla.replication.ReplicationPorts;
import io.ottla.storage.FolderLocks;
import io.ottla.storage.LogFolder;
import io.ottla.storage.LogFolders;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.StorageEnvironment;
import io.ottla.time.Clock;
import io.ottla.types.Amount;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.Figures;
import io.ottla.types.TopicPartition;
import io.ottla.zookeeper.BrokerRegistration;
import io.ottla.zookeeper.ClusterNodes;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.DeletedLogs;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.ProducerIdBlocks;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.SessionStatus;
import io.ottla.zookeeper.ZooKeeperSession;
import io.ottla.zookeeper.ZooKeeperStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's parts: opened in order by {@link #open}, closed in order by {@link #close}, also where opening got stuck
 * halfway. Used by the threads that start and stop the broker.
 */
final class BrokerParts {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerParts.class);

    private static final long CLOSE_MS = 10_000;
    /** Kafka's default: three attempts, five seconds apart. */
    private static final int NAMED = 10;

    private static final long MOST_RETRIES = 1_000;
    private static final long MOST_BACKOFF_MS = 3_600_000;
    /** Beyond the time in which ZooKeeper forgets a predecessor. */
    private static final long ELECTION_MS = 30_000;

    private final ZooKeeperProperties zooKeeper;
    private final String ensemble;
    private final LoggerLevels loggers;
    private final Metrics metrics;
    private final BrokerPorts ports;
    private final Clock clock;
    private final BrokerLifecycle lifecycle;
    private final BrokerExecutors threads;
    private final Stages stages;
    private final Uuid incarnation;

    private final CompletableFuture<Void> firstImage = new CompletableFuture<>();

    private BrokerConfig config;
    private DynamicBrokerConfig settings;
    private FolderLocks locks;
    private LogFolders folders;
    private DeletionNotes deletionNotes;
    private volatile ZooKeeperSession session;
    private BrokerRegistration registration;
    private ProducerIdBlocks producerIds;
    private OperatorPolicies policies;
    private Controller controller;
    private Membership membership;
    private Replicas replicas;
    private RemoteProposals<Controller> proposals;
    private Replication replication;
    private GroupCoordinator groups;
    private Transactions transactions;
    private BrokerNetwork network;
    private RequestDispatcher dispatcher;
    private BrokerServer server;
    private ImageApplier applier;
    private String clusterId = "";
    private BrokerId self = BrokerId.NONE;
    private volatile BrokerEpoch epoch = BrokerEpoch.NONE;

    BrokerParts(
            BrokerConfig config,
            String embeddedZooKeeper,
            LoggerLevels loggers,
            Metrics metrics,
            BrokerPorts ports,
            BrokerLifecycle lifecycle) {
        this.config = config;
        this.zooKeeper = embeddedZooKeeper == null
                ? config.zooKeeper()
                : config.zooKeeper().withConnect(embeddedZooKeeper);
        this.ensemble = embeddedZooKeeper == null ? zooKeeper.connect() : "embedded";
        this.loggers = loggers;
        this.metrics = metrics;
        this.ports = ports;
        this.clock = ports.clock();
        this.lifecycle = lifecycle;
        this.threads = ports.executors();
        this.stages = new Stages(ports.waiting());
        this.incarnation =
                new Uuid(ports.strongRandom().nextLong(), ports.strongRandom().nextLong());
    }

    BrokerId id() {
        return self;
    }

    String clusterId() {
        return clusterId;
    }

    List<NetworkProperties.Listener> listeners() {
        return server.boundListeners();
    }

    Replicas replicas() {
        return replicas;
    }

    /** Null before there is one. Any thread. */
    SessionStatus zooKeeper() {
        ZooKeeperSession now = session;
        return now == null ? null : now.status();
    }

    /** What consoles keep in ZooKeeper; null before there is a session. Any thread. */
    ConsoleNodes consoleNodes() {
        ZooKeeperSession now = session;
        return now == null ? null : new ConsoleNodes(now, threads.control());
    }

    /** The nodes of ZooKeeper; null before there is a session. Any thread. */
    NodeTree nodes() {
        ZooKeeperSession now = session;
        return now == null ? null : new NodeTree(now, zooKeeper.connect(), threads.control());
    }

    /** After {@link #open}. */
    boolean isListening() {
        return server.isListening();
    }

    /** Without any log folder nothing can be served, as in Kafka: whoever runs the broker is told. */
    private void onFolderOffline(LogFolder folder, List<PartitionLog> lost) {
        LOG.error("Log folder {} is offline, and {} with it", folder.path(), Amount.of(lost.size(), "partition"));
        if (folders.folders().stream().noneMatch(LogFolder::isOnline)) {
            lifecycle.fail("all log folders have failed (" + config.logDirs()
                    + "), so that nothing can be stored or read;" + " mend or replace the disks, then start again");
        }
    }

    void open() throws BrokerStartException, IOException, InterruptedException {
        locks = FolderLocks.lock(
                config.log(),
                new StorageEnvironment(
                        ports.disk(), clock, threads.timer(), threads.storage(), ports.random(), metrics));
        joinCluster();
        folders = locks.logs(this::onFolderOffline);
        ZooKeeperStore store = new ZooKeeperStore(session, threads.orders().controller());
        StoredCluster stored = stages.await(
                store.load(),
                zooKeeper.connectionTimeoutMs() + ELECTION_MS,
                "Expected to read the cluster's metadata from ZooKeeper, but it did not answer in time");
        deletionNotes = new DeletionNotes(
                self, new DeletedLogs(session, threads.orders().controller()), folders);
        Set<DeletedLog> deleted = stages.await(
                deletionNotes.read(),
                zooKeeper.connectionTimeoutMs() + ELECTION_MS,
                "Expected to read from ZooKeeper what was deleted meanwhile, but it did not answer in time");
        settings = new DynamicBrokerConfig(self, config, stored.configs());
        threads.resize(settings.get());
        folders.reconfigure(settings.get().log());
        build(store);
        server.bind();
        lifecycle.advance(BrokerState.RECOVERY);
        folders.open(new StoredTopics(self, stored, deleted, settings));
        deletionNotes.actedBy(deleted);
        register();
        settings.listen(new LiveSettings(self, incarnation, threads, folders, replication, server, registration));
        membership.join(
                controller,
                incarnation,
                new BrokerEpoch(folders.closedUnder()),
                step -> applier.take(step).whenComplete((nothing, failure) -> {
                    BrokerImage shown = step.after().brokers().get(self);
                    if (shown != null && shown.epoch().equals(epoch)) {
                        firstImage.complete(null);
                    }
                }));
        replication.start();
        controller.start();
        dispatcher.holdClients();
        server.startAccepting();
        stages.await(
                firstImage,
                zooKeeper.sessionTimeoutMs() + ELECTION_MS,
                "Expected to hear from the cluster's controller, or to become it, but did not in time; the lines above say"
                        + " more");
        deletionNotes.lookAgain(applier.image());
        SecretRotation.run(
                self, applier.image(), settings.get(), proposals, ports.strongRandom(), clock, threads.timer());
        dispatcher.serveClients();
        producerIds.prepare();
    }

    /** Makes what {@link #open} makes before it opens anything: no folder, no port, no session. */
    void rehearse() throws BrokerStartException {
        settings = new DynamicBrokerConfig(self, config, Map.of());
        session = session(config.logDirs());
        build(new ZooKeeperStore(session, threads.orders().controller()));
    }

    private ZooKeeperSession session(List<Path> folders) {
        return new KeptSession(
                zooKeeper,
                new SessionFiles(ports.disk(), folders, ensemble),
                clock,
                metrics,
                threads.orders().session(),
                ports.waiting(),
                ports.zooKeeper(zooKeeper));
    }

    /** Opens the session, and finds out which cluster this is and who this broker is in it. */
    private void joinCluster() throws BrokerStartException, IOException, InterruptedException {
        List<ClusterIdentity.Folder> named = NamedFolders.of(locks.identities());
        session = session(locks.folders());
        session.open(named.stream().allMatch(folder -> folder.clusterId() == null));
        ClusterNodes nodes =
                new ClusterNodes(session, zooKeeper, clock, ports.strongRandom(), threads.control(), ports.waiting());
        ClusterEntry entry = new ClusterEntry(nodes, named);
        clusterId = entry.clusterId(
                config.zooKeeper().embedded()
                        ? NamedFolders.embedded(config.embeddedZooKeeperFolder())
                        : NamedFolders.at(zooKeeper.connect()));
        self = entry.brokerId(config.identity());
        config = config.withBrokerId(self.value());
        locks.identify(self.value(), clusterId);
    }

    private void build(ZooKeeperStore store) throws BrokerStartException {
        BrokerConfig now = settings.get();
        policies = OperatorPolicies.of(now);
        network = ports.network(now.network());
        membership = new Membership(
                self,
                ports,
                network,
                session,
                () -> settings.get().network().interBrokerListener(),
                () -> applier.image(),
                () -> epoch,
                now.integer("broker.session.timeout.ms"),
                metrics);
        controller = new Controller(
                self,
                now.topicDefaults(),
                now.controller(Features.NEWEST),
                new Controller.Ports(
                        membership.election(),
                        store,
                        membership.publisher(),
                        new ClusterConfigRules(self, settings),
                        policies,
                        ports.strongRandom(),
                        clock,
                        threads.timer(),
                        threads.orders().controller(),
                        () -> applier.image(),
                        metrics));
        replicas = new Replicas(
                self,
                new FolderLogStore(folders, deletionNotes),
                set -> settings.get().topics().properties(set),
                threads.workers(),
                metrics);
        proposals = new RemoteProposals<>(self, membership::controller, controller, membership.peers());
        replication = new Replication(
                replicas,
                now.replication(),
                new ReplicationPorts(
                        membership.peers(),
                        proposals,
                        () -> epoch,
                        clock,
                        threads.timer(),
                        threads.workers(),
                        metrics));
        replicas.trust(membership::isInTouch);
        replicas.listen(new LossReports(
                self, () -> epoch, proposals, threads.timer(), threads.orders().losses())::lost);
        groups = new GroupCoordinator(
                now.groups(),
                new GroupCoordinator.Ports(
                        replicas,
                        threads.coordinators(),
                        threads.loaders(),
                        threads.timer(),
                        clock,
                        ports.random(),
                        metrics,
                        threads.workers(),
                        GroupAssignors.of(now.groups().consumer().assignors()),
                        set -> settings.get().groupConfigs().consumer(set)));
        producerIds = new ProducerIdBlocks(
                session, self, threads.timer(), threads.orders().producerIds());
        transactions = transactions(now);
        ExporterMeter.show(clusterId, replicas, metrics);
        LagMeter.show(
                new LagRounds(
                        clusterId,
                        new LagRounds.Ports(
                                groups.groups()::positions,
                                replicas,
                                membership.peers(),
                                clock,
                                threads.timer(),
                                new SerialExecutor(threads.coordinators()))),
                metrics);
        applier = new ImageApplier(
                List.of(settings, new SettingsNotInForce(settings), replicas, groups, transactions.coordinator()),
                threads.orders().metadata(),
                clock,
                threads.timer(),
                metrics);
        dispatcher = new BrokerApis(
                        self,
                        ports,
                        settings,
                        applier,
                        membership,
                        controller,
                        replicas,
                        groups,
                        transactions,
                        producerIds,
                        loggers,
                        metrics)
                .serve();
        server = network.server(now.network(), dispatcher);
    }

    private Transactions transactions(BrokerConfig now) {
        MarkerLog markers = new PartitionMarkers(
                replicas, groups::endTransaction, now.groups().topic().name(), clock);
        TransactionCoordinator coordinator = new TransactionCoordinator(
                now.transactions(),
                new TransactionCoordinator.Ports(
                        replicas,
                        threads.coordinators(),
                        threads.loaders(),
                        threads.timer(),
                        clock,
                        metrics,
                        producerIds,
                        membership.peers(),
                        markers,
                        new SerialExecutor(threads.coordinators())));
        return new Transactions(
                coordinator,
                new AskedCoordinators(self, coordinator, () -> applier.image(), membership.peers()),
                markers);
    }

    boolean isController() {
        return membership.controller().equals(self);
    }

    /** As {@link Broker#figures}. */
    CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics) {
        return new PeerFigures(self, metrics, membership.peers(), threads.workers())
                .of(applier.image().brokers().keySet(), names, topics);
    }

    private void register() throws BrokerStartException, IOException, InterruptedException {
        registration = new BrokerRegistration(
                session,
                Advertised.broker(self, incarnation, settings.get(), server.boundListeners()),
                -1,
                clock,
                threads.timer(),
                threads.orders().registration());
        int timeoutMs = zooKeeper.connectionTimeoutMs();
        BrokerRegistration.Outcome outcome = stages.await(
                registration.register(timeoutMs, this::registeredAgain),
                timeoutMs + CLOSE_MS,
                "Expected to register in ZooKeeper, but it did not answer in time");
        epoch = switch (outcome) {
            case BrokerRegistration.Outcome.Registered(BrokerEpoch given) -> given;
            case BrokerRegistration.Outcome.HeldBy held -> throw new BrokerStartException(held.text());
            case BrokerRegistration.Outcome.Failed(String why) -> throw new BrokerStartException(why);
        };
    }

    private void registeredAgain(BrokerRegistration.Outcome outcome) {
        switch (outcome) {
            case BrokerRegistration.Outcome.Registered(BrokerEpoch given) -> {
                epoch = given;
                LOG.info("Registered again, with broker epoch {}", given);
            }
            case BrokerRegistration.Outcome.HeldBy held -> LOG.error("{}", held.text());
            case BrokerRegistration.Outcome.Failed(String why) -> LOG.error("Could not register again: {}", why);
        }
    }

    /**
     * Goes out of the others' sight, where there are others: they lead what this broker leads, one of them is the
     * controller, and nobody takes this one for dead. Blocks for a while at most.
     */
    void leave() {
        if (applier.image().brokers().size() <= 1) {
            return;
        }
        if (settings.get().bool("controlled.shutdown.enable")) {
            handOver();
        }
        stages.settle(controller.close(), CLOSE_MS);
        membership.close();
        stages.settle(registration.withdraw(), CLOSE_MS);
    }

    private void handOver() {
        long patienceMs = Math.clamp(settings.get().integer("controlled.shutdown.max.retries"), 0, MOST_RETRIES)
                * Math.clamp(settings.get().number("controlled.shutdown.retry.backoff.ms"), 0, MOST_BACKOFF_MS);
        if (!stages.isDone(membership.leave(), patienceMs)) {
            List<TopicPartition> led = replicas.led();
            LOG.warn(
                    "Stops though nobody has taken over what it leads within {} ms: {} {}{}. They are without a leader until a"
                            + " replica of theirs that has all records is there",
                    patienceMs,
                    Amount.of(led.size(), "partition"),
                    led.subList(0, Math.min(led.size(), NAMED)),
                    led.size() > NAMED ? " and more" : "");
        }
    }

    /** Closes what is open, in the order that lets those who wait be answered and the logs be whole. */
    void close() {
        if (groups != null) {
            // First, so that nobody waits for a rebalance while the connections are served to their end.
            groups.close();
        }
        if (transactions != null) {
            transactions.coordinator().close();
        }
        if (server != null) {
            server.close();
        }
        if (controller != null) {
            stages.settle(controller.close(), CLOSE_MS);
        }
        if (policies != null) {
            policies.close();
        }
        if (registration != null) {
            stages.settle(registration.withdraw(), CLOSE_MS);
        }
        if (membership != null) {
            membership.close();
        }
        if (replication != null) {
            replication.close();
        }
        if (replicas != null) {
            replicas.resign();
        }
        if (folders != null) {
            folders.close(membership != null && membership.isTakenIn() ? epoch.value() : folders.closedUnder());
        } else if (locks != null) {
            locks.release();
        }
        if (session != null) {
            session.close();
        }
        if (network != null) {
            network.close();
        }
        threads.close();
    }
}
