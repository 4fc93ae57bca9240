package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.config.ConfigListener;
import io.ottla.network.BrokerServer;
import io.ottla.replication.Replication;
import io.ottla.storage.LogFolders;
import io.ottla.types.BrokerId;
import io.ottla.zookeeper.BrokerRegistration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a change of the broker's settings to the parts that have to act on it: threads, logs, replication, listeners,
 * and what others are told of this broker. Parts that ask for the configuration each time need not be told.
 */
final class LiveSettings implements ConfigListener {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    private final BrokerId self;
    private final Uuid incarnation;
    private final BrokerExecutors threads;
    private final LogFolders folders;
    private final Replication replication;
    private final BrokerServer network;
    private final BrokerRegistration registration;

    LiveSettings(
            BrokerId self,
            Uuid incarnation,
            BrokerExecutors threads,
            LogFolders folders,
            Replication replication,
            BrokerServer network,
            BrokerRegistration registration) {
        this.self = self;
        this.incarnation = incarnation;
        this.threads = threads;
        this.folders = folders;
        this.replication = replication;
        this.network = network;
        this.registration = registration;
    }

    @Override
    public CompletionStage<Void> changed(BrokerConfig before, BrokerConfig after) {
        threads.resize(after);
        folders.reconfigure(after.log());
        replication.reconfigure(after.replication());
        if (before.network().equals(after.network())) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.supplyAsync(
                        () -> network.reconfigure(after.network()),
                        threads.orders().reconfiguration())
                .thenCompose(problems -> advertise(after, problems));
    }

    /** Clients are sent to what is really listened on. */
    private CompletionStage<Void> advertise(BrokerConfig config, List<String> problems) {
        if (!problems.isEmpty()) {
            LOG.error("Not all settings of listeners and connections are in force: {}", String.join("; ", problems));
        }
        return registration.update(Advertised.broker(self, incarnation, config, network.boundListeners()));
    }
}
