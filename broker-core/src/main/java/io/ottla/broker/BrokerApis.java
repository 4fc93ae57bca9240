package io.ottla.broker;

import io.ottla.api.ApiHandler;
import io.ottla.api.ApiRegistry;
import io.ottla.api.ConfigApis;
import io.ottla.api.ControllerApis;
import io.ottla.api.DataHandlers;
import io.ottla.api.FiguresHandler;
import io.ottla.api.ForwardingControllerChannel;
import io.ottla.api.GroupApis;
import io.ottla.api.ImageCoordinators;
import io.ottla.api.MetadataApis;
import io.ottla.api.MetadataPollHandler;
import io.ottla.api.RequestDispatcher;
import io.ottla.api.TopicAutoCreation;
import io.ottla.api.TransactionApis;
import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.cluster.ImageApplier;
import io.ottla.config.BrokerConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.controller.Controller;
import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.ControllerChannel;
import io.ottla.peer.ProducerIds;
import io.ottla.quota.Quotas;
import io.ottla.record.BatchValidator;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The APIs that a broker serves, over its parts.
 *
 * @param settings as they are in force
 */
record BrokerApis(
        BrokerId self,
        BrokerPorts ports,
        DynamicBrokerConfig settings,
        ImageApplier metadata,
        Membership membership,
        Controller controller,
        Replicas replicas,
        GroupCoordinator groups,
        Transactions transactions,
        ProducerIds producerIds,
        LoggerLevels loggers,
        Metrics metrics) {

    RequestDispatcher serve() {
        BrokerConfig now = settings.get();
        BrokerExecutors threads = ports.executors();
        Clock clock = ports.clock();
        Supplier<ClusterImage> image = metadata::image;
        Authorizer authorizer = Authorizer.allowAll();
        Quotas quotas = Quotas.unlimited();
        MetadataApis.Ports telling = new MetadataApis.Ports(
                image,
                controller,
                authorizer,
                quotas,
                now.topicDefaults(),
                List.of(now.groups().topic(), now.transactions().topic()),
                ConfigApis.topics(settings),
                new ImageCoordinators(image),
                now.integer("max.request.partition.size.limit"),
                clock,
                threads.timer());
        ConfigApis.Ports configuring = new ConfigApis.Ports(
                self.value(),
                image,
                settings,
                controller,
                authorizer,
                loggers,
                ports.strongRandom(),
                threads.workers(),
                clock,
                threads.timer());
        List<ApiHandler<?, ?>> asked = MetadataApis.deciding(telling);
        List<ApiHandler<?, ?>> deciding = new ArrayList<>(asked);
        deciding.addAll(ConfigApis.deciding(configuring));
        ControllerChannel channel = new ForwardingControllerChannel(
                self,
                new ForwardingControllerChannel.Ports(
                        membership::controller, membership.peers(), deciding, metadata::shown, clock, threads.timer()));
        List<ApiHandler<?, ?>> handlers = new ArrayList<>(asked);
        TopicAutoCreation creation = MetadataApis.creation(telling, channel);
        handlers.addAll(MetadataApis.telling(telling, creation));
        handlers.addAll(ConfigApis.telling(configuring, channel));
        handlers.addAll(ControllerApis.of(deciding, controller, authorizer, quotas, clock, metrics));
        handlers.add(new FiguresHandler(metrics, threads.workers()));
        handlers.add(new MetadataPollHandler(membership.publisher(), threads.workers()));
        handlers.addAll(DataHandlers.of(
                replicas,
                new FetchSessions(
                        now.replication().maxIncrementalFetchSessionCacheSlots(), clock, ports.random(), metrics),
                transactions.membership(),
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
        handlers.addAll(TransactionApis.of(new TransactionApis.Ports(
                transactions.coordinator(),
                transactions.membership(),
                transactions.markers(),
                groups,
                producerIds,
                creation,
                image,
                authorizer,
                threads.workers())));
        return new RequestDispatcher(
                ApiRegistry.announcing(handlers, Features.supported(), self.value(), image),
                authorizer,
                quotas,
                channel,
                () -> membership.controller().equals(self),
                clock,
                metrics);
    }
}
