package io.ottla.broker;

import io.ottla.api.ApiHandler;
import io.ottla.api.ApiRegistry;
import io.ottla.api.ConfigApis;
import io.ottla.api.DataHandlers;
import io.ottla.api.GroupApis;
import io.ottla.api.ImageCoordinators;
import io.ottla.api.MetadataApis;
import io.ottla.api.MetadataPollHandler;
import io.ottla.api.RequestDispatcher;
import io.ottla.cluster.DynamicBrokerConfig;
import io.ottla.cluster.MetadataPublisher;
import io.ottla.cluster.MetadataView;
import io.ottla.config.BrokerConfig;
import io.ottla.config.LoggerLevels;
import io.ottla.controller.Controller;
import io.ottla.coordinator.group.GroupCoordinator;
import io.ottla.metadata.ClusterImage;
import io.ottla.metrics.Metrics;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.NotControllerException;

/**
 * The APIs that a broker serves, over its parts.
 *
 * @param settings as they are in force
 */
record BrokerApis(
        BrokerId self,
        BrokerPorts ports,
        DynamicBrokerConfig settings,
        MetadataView metadata,
        Controller controller,
        MetadataPublisher publisher,
        Replicas replicas,
        GroupCoordinator groups,
        ProducerIds producerIds,
        LoggerLevels loggers,
        Metrics metrics) {

    RequestDispatcher dispatcher() {
        BrokerConfig now = settings.get();
        BrokerExecutors threads = ports.executors();
        Clock clock = ports.clock();
        Supplier<ClusterImage> image = metadata::image;
        Authorizer authorizer = Authorizer.allowAll();
        Quotas quotas = Quotas.unlimited();
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
                new FetchSessions(
                        now.replication().maxIncrementalFetchSessionCacheSlots(), clock, ports.random(), metrics),
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
        handlers.add(new MetadataPollHandler(publisher, threads.workers()));
        handlers.addAll(ConfigApis.local(new ConfigApis.Ports(
                self.value(),
                image,
                settings,
                controller,
                authorizer,
                loggers,
                ports.strongRandom(),
                threads.workers(),
                clock,
                threads.timer())));
        return new RequestDispatcher(
                ApiRegistry.announcing(handlers, Features.supported(), self.value(), image),
                authorizer,
                quotas,
                (caller, request, version, deadlineNs) ->
                        CompletableFuture.failedFuture(new NotControllerException("No controller is known")),
                () -> true,
                clock,
                metrics);
    }
}
