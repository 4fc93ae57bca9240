package io.ottla.api;

import io.ottla.config.InternalTopicProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.controller.Controller;
import io.ottla.metadata.ClusterImage;
import io.ottla.peer.ControllerChannel;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.List;
import java.util.function.Supplier;

/** The handlers of what clients want to know of the cluster and to have changed in it. */
public final class MetadataApis {
    private MetadataApis() {}

    /**
     * What these handlers work with.
     *
     * @param image as this broker last applied it
     * @param internalTopics coordinators' topics, made when they are first needed
     * @param configs what a new topic's configuration is
     * @param partitionsPerAnswer {@code max.request.partition.size.limit}: how many partitions DescribeTopicPartitions
     *     names at most; 1 or more
     */
    public record Ports(
            Supplier<ClusterImage> image,
            Controller controller,
            Authorizer authorizer,
            Quotas quotas,
            TopicDefaults defaults,
            List<InternalTopicProperties> internalTopics,
            TopicConfigDescription configs,
            CoordinatorDirectory coordinators,
            int partitionsPerAnswer,
            Clock clock,
            Timer timer) {}

    /**
     * What the controller answers: CreateTopics, DeleteTopics, CreatePartitions, UpdateFeatures, ElectLeaders,
     * AlterPartitionReassignments, ListPartitionReassignments.
     */
    public static List<ApiHandler<?, ?>> deciding(Ports ports) {
        return List.of(
                new CreateTopicsHandler(
                        ports.controller, ports.authorizer, ports.quotas, ports.defaults, ports.configs, ports.timer),
                new DeleteTopicsHandler(
                        ports.controller, ports.image, ports.authorizer, ports.quotas, ports.defaults, ports.timer),
                new CreatePartitionsHandler(ports.controller, ports.image, ports.authorizer, ports.quotas, ports.timer),
                new UpdateFeaturesHandler(ports.controller, ports.timer),
                new ElectLeadersHandler(ports.controller, ports.timer),
                new AlterReassignmentsHandler(ports.controller, ports.timer),
                new ListReassignmentsHandler(ports.controller),
                new UnregisterBrokerHandler(ports.controller, ports.timer));
    }

    /** Makes topics on demand, by the controller. */
    public static TopicAutoCreation creation(Ports ports, ControllerChannel channel) {
        return new TopicAutoCreation(
                ports.defaults, ports.internalTopics, ports.image, ports.authorizer, channel, ports.clock);
    }

    /**
     * What every broker answers: Metadata, DescribeTopicPartitions, DescribeCluster, FindCoordinator.
     *
     * @param creation of topics that are made on demand
     */
    public static List<ApiHandler<?, ?>> telling(Ports ports, TopicAutoCreation creation) {
        return List.of(
                new MetadataHandler(ports.image, ports.controller, ports.authorizer, creation),
                new DescribeTopicPartitionsHandler(ports.image, ports.authorizer, ports.partitionsPerAnswer),
                new DescribeClusterHandler(ports.image, ports.controller, ports.authorizer),
                new FindCoordinatorHandler(ports.image, ports.authorizer, ports.coordinators, creation));
    }
}
