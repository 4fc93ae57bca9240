package io.ottla.broker;

import io.ottla.api.ApiHandler;
import io.ottla.api.ApiRegistry;
import io.ottla.api.ConfigApis;
import io.ottla.api.DataHandlers;
import io.ottla.api.GroupApis;
import io.ottla.api.ImageCoordinators;
import io.ottla.api.MetadataApis;
import io.ottla.api.RequestDispatcher;
import io.ottla.cluster.BrokerLifecycle;
import io.ottla.cluster.BrokerState;
import io.ottla.cluster.ClusterIdentity;
import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.cluster.ExporterMeter;
import io.ottla.cluster.ImageApplier;
import io.ottla.cluster.LocalMetadataSource;
import io.ottla.cluster.LossReports;
import io.ottla.cluster.SettingsNotInForce;
import io.ottla.concurrent.Waiting;
import io.ottla.config.BrokerConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.config.NetworkProperties;
import io.ottla.config.ZooKeeperProperties;
import io.ottla.controller.Controller;
import io.ottla.controller.StoredCluster;
import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.coordinator.group.assign.GroupAssignors;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metrics.Metrics;
import io.ottla.network.EventLoops;
import io.ottla.network.NetworkServer;
import io.ottla.quota.Quotas;
import io.ottla.record.BatchValidator;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.Disk;
import io.ottla.storage.FolderLocks;
import io.ottla.storage.LogFolder;
import io.ottla.storage.LogFolders;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.StorageEnvironment;
import io.ottla.time.Clock;
import io.ottla.types.Amount;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.BrokerRegistration;
import io.ottla.zookeeper.ClusterNodes;
import io.ottla.zookeeper.CuratorClient;
import io.ottla.zookeeper.KeptSession;
import io.ottla.zookeeper.ProducerIdBlocks;
import io.ottla.zookeeper.SessionFiles;
import io.ottla.zookeeper.SessionStatus;
import io.ottla.zookeeper.ZooKeeperElection;
import io.ottla.zookeeper.ZooKeeperSession;
import io.ottla.zookeeper.ZooKeeperStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.NotControllerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's parts: opened in order by {@link #open}, closed in order by {@link #close}, also where opening got stuck
 * halfway. Used by the threads that start and stop the broker.
 */
final class BrokerParts {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerParts.class);

    private static final long CLOSE_MS = 10_000;
    /** Beyond the time in which ZooKeeper forgets a predecessor. */
    private static final long ELECTION_MS = 30_000;

    private final ZooKeeperProperties zooKeeper;
    private final String ensemble;
    private final LoggerLevels loggers;
    private final Metrics metrics;
    private final Clock clock;
    private final BrokerLifecycle lifecycle;
    private final BrokerThreads threads;
    /** For ids that must never meet again. Its source may block: not for event loops. */
    private final RandomGenerator strongRandom = new SecureRandom();
    /** For all else. */
    private final RandomGenerator random = new LockedRandom(new SplittableRandom(strongRandom.nextLong()));

    private final LocalMetadataSource source = new LocalMetadataSource();
    private final CompletableFuture<Void> firstImage = new CompletableFuture<>();

    private BrokerConfig config;
    private DynamicBrokerConfig settings;
    private FolderLocks locks;
    private LogFolders folders;
    private ZooKeeperSession session;
    private BrokerRegistration registration;
    private ProducerIdBlocks producerIds;
    private OperatorPolicies policies;
    private Controller controller;
    private Replicas replicas;
    private GroupCoordinator groups;
    private EventLoops loops;
    private NetworkServer network;
    private ImageApplier applier;
    private String clusterId = "";
    private BrokerId self = BrokerId.NONE;
    private volatile BrokerEpoch epoch = BrokerEpoch.NONE;

    BrokerParts(
            BrokerConfig config,
            String embeddedZooKeeper,
            LoggerLevels loggers,
            Metrics metrics,
            Clock clock,
            BrokerLifecycle lifecycle) {
        this.config = config;
        this.zooKeeper = embeddedZooKeeper == null
                ? config.zooKeeper()
                : config.zooKeeper().withConnect(embeddedZooKeeper);
        this.ensemble = embeddedZooKeeper == null ? zooKeeper.connect() : "embedded";
        this.loggers = loggers;
        this.metrics = metrics;
        this.clock = clock;
        this.lifecycle = lifecycle;
        this.threads = new BrokerThreads(clock, config);
    }

    BrokerId id() {
        return self;
    }

    String clusterId() {
        return clusterId;
    }

    List<NetworkProperties.Listener> listeners() {
        return network.boundListeners();
    }

    SessionStatus zooKeeper() {
        return session.status();
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
                new StorageEnvironment(Disk.system(), clock, threads.timer(), threads.storage(), random, metrics));
        ClusterEntry cluster = joinCluster();
        folders = locks.logs(this::onFolderOffline);
        ZooKeeperStore store = new ZooKeeperStore(session, threads.controller());
        StoredCluster stored = Stages.await(
                store.load(),
                zooKeeper.connectionTimeoutMs() + ELECTION_MS,
                "Expected to read the cluster's metadata from ZooKeeper, but it did not answer in time");
        settings = new DynamicBrokerConfig(self, config, stored.configs());
        threads.resize(settings.get());
        folders.reconfigure(settings.get().log());
        build(store);
        network.bind();
        lifecycle.advance(BrokerState.RECOVERY);
        folders.open(new StoredTopics(self, stored, settings));
        register(cluster);
        settings.listen(new LiveSettings(self, threads, folders, network, registration));
        source.follow(step -> applier.take(step).whenComplete((nothing, failure) -> {
            if (step.after().brokers().containsKey(self)) {
                firstImage.complete(null);
            }
        }));
        controller.start();
        Stages.await(
                firstImage,
                zooKeeper.sessionTimeoutMs() + ELECTION_MS,
                "Expected to become the controller, but ZooKeeper did not let it be; the lines above say more");
        SecretRotation.run(
                ConfigResourceName.broker(self.value()), applier.image(), settings.get(), controller, strongRandom);
        network.startAccepting();
        producerIds.prepare();
    }

    /** Makes what {@link #open} makes before it opens anything: no folder, no port, no session. */
    void rehearse() throws BrokerStartException {
        settings = new DynamicBrokerConfig(self, config, Map.of());
        session = session(config.logDirs());
        build(new ZooKeeperStore(session, threads.controller()));
    }

    private ZooKeeperSession session(List<Path> folders) {
        return new KeptSession(
                zooKeeper,
                new SessionFiles(folders, ensemble),
                clock,
                metrics,
                threads.session(),
                Waiting.blocking(),
                new CuratorClient(zooKeeper, clock, metrics));
    }

    /** Opens the session, and finds out which cluster this is and who this broker is in it. */
    private ClusterEntry joinCluster() throws BrokerStartException, IOException, InterruptedException {
        List<ClusterIdentity.Folder> named = NamedFolders.of(locks.identities());
        session = session(locks.folders());
        session.open(named.stream().allMatch(folder -> folder.clusterId() == null));
        ClusterNodes nodes = new ClusterNodes(session, zooKeeper, clock, strongRandom, threads.control(), Waiting.blocking());
        ClusterEntry entry = new ClusterEntry(nodes, named);
        clusterId = entry.clusterId(
                config.zooKeeper().embedded()
                        ? NamedFolders.embedded(config.embeddedZooKeeperFolder())
                        : NamedFolders.at(zooKeeper.connect()));
        self = entry.brokerId(config.identity());
        config = config.withBrokerId(self.value());
        locks.identify(self.value(), clusterId);
        entry.refuseCompany(self, epoch);
        return entry;
    }

    private void build(ZooKeeperStore store) throws BrokerStartException {
        BrokerConfig now = settings.get();
        policies = OperatorPolicies.of(now);
        Supplier<ClusterImage> image = () -> applier.image();
        controller = new Controller(
                self,
                now.topicDefaults(),
                now.controller(Features.NEWEST),
                new Controller.Ports(
                        new ZooKeeperElection(session, self, clock, threads.timer(), threads.controller()),
                        store,
                        source,
                        new ClusterConfigRules(self, settings),
                        policies,
                        strongRandom,
                        clock,
                        threads.timer(),
                        threads.controller(),
                        metrics));
        replicas = new Replicas(
                self,
                new FolderLogStore(folders),
                set -> settings.get().topics().properties(set),
                threads.workers(),
                metrics);
        replicas.listen(new LossReports(self, () -> epoch, controller, threads.timer(), threads.losses())::lost);
        groups = new GroupCoordinator(
                now.groups(),
                new GroupCoordinator.Ports(
                        replicas,
                        threads.coordinators(),
                        threads.loaders(),
                        threads.timer(),
                        clock,
                        random,
                        metrics,
                        threads.workers(),
                        GroupAssignors.of(now.groups().consumer().assignors()),
                        set -> settings.get().groupConfigs().consumer(set)));
        ExporterMeter.show(replicas, metrics);
        applier = new ImageApplier(
                List.of(settings, new SettingsNotInForce(settings), replicas, groups),
                threads.metadata(),
                clock,
                threads.timer(),
                metrics);
        Authorizer authorizer = Authorizer.allowAll();
        Quotas quotas = Quotas.unlimited();
        producerIds = new ProducerIdBlocks(session, self, threads.timer(), threads.producerIds());
        List<ApiHandler<?, ?>> handlers = new ArrayList<>(MetadataApis.local(new MetadataApis.Ports(
                image,
                controller,
                authorizer,
                quotas,
                now.topicDefaults(),
                List.of(now.groups().topic()),
                ConfigApis.topics(settings),
                new ImageCoordinators(image),
                now.integer("max.request.partition.size.limit"),
                clock,
                threads.timer())));
        handlers.addAll(DataHandlers.of(
                replicas,
                new FetchSessions(now.replication().maxIncrementalFetchSessionCacheSlots(), clock, random, metrics),
                producerIds,
                new ValidatedBatches(new BatchValidator(clock, metrics)),
                authorizer,
                quotas,
                clock,
                threads.timer(),
                threads.workers(),
                threads.storage().reads(),
                now.replication(),
                metrics));
        handlers.addAll(GroupApis.of(groups, image, authorizer));
        handlers.addAll(ConfigApis.local(new ConfigApis.Ports(
                self.value(),
                image,
                settings,
                controller,
                authorizer,
                loggers,
                strongRandom,
                threads.workers(),
                clock,
                threads.timer())));
        ApiRegistry registry = ApiRegistry.announcing(handlers, Features.supported(), self.value(), image);
        loops = new EventLoops(now.network());
        RequestDispatcher dispatcher = new RequestDispatcher(
                registry,
                authorizer,
                quotas,
                (caller, request, version, deadlineNs) ->
                        CompletableFuture.failedFuture(new NotControllerException("No controller is known")),
                () -> true,
                clock,
                metrics);
        network = new NetworkServer(now.network(), dispatcher, loops, Map.of(), clock, threads.timer(), metrics);
    }

    private void register(ClusterEntry cluster) throws BrokerStartException, IOException, InterruptedException {
        registration = new BrokerRegistration(
                session,
                Advertised.broker(self, settings.get(), network.boundListeners()),
                -1,
                clock,
                threads.timer(),
                threads.registration());
        int timeoutMs = zooKeeper.connectionTimeoutMs();
        BrokerRegistration.Outcome outcome = Stages.await(
                registration.register(timeoutMs, this::registeredAgain),
                timeoutMs + CLOSE_MS,
                "Expected to register in ZooKeeper, but it did not answer in time");
        epoch = switch (outcome) {
            case BrokerRegistration.Outcome.Registered(BrokerEpoch given) -> given;
            case BrokerRegistration.Outcome.HeldBy held -> throw new BrokerStartException(held.text());
            case BrokerRegistration.Outcome.Failed(String why) -> throw new BrokerStartException(why);
        };
        cluster.refuseCompany(self, epoch);
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

    /** Closes what is open, in the order that lets those who wait be answered and the logs be whole. */
    void close() {
        if (groups != null) {
            // First, so that nobody waits for a rebalance while the connections are served to their end.
            groups.close();
        }
        if (network != null) {
            network.close();
        }
        if (controller != null) {
            Stages.settle(controller.close(), CLOSE_MS);
        }
        if (policies != null) {
            policies.close();
        }
        if (registration != null) {
            Stages.settle(registration.withdraw(), CLOSE_MS);
        }
        if (replicas != null) {
            replicas.resign();
        }
        if (folders != null) {
            folders.close(epoch.value());
        } else if (locks != null) {
            locks.release();
        }
        if (session != null) {
            session.close();
        }
        if (loops != null) {
            loops.close();
        }
        threads.close();
    }
}
