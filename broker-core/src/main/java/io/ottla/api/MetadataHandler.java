package io.ottla.api;

import io.ottla.controller.Controller;
import io.ottla.controller.TopicNames;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Tells clients who is there and who leads what: topics by name, by id (KIP-516), or all. A topic that does not exist
 * is asked for at the controller where broker and client allow that; the answer does not wait for it, since clients ask
 * again.
 */
final class MetadataHandler implements ApiHandler<MetadataRequestData, MetadataResponseData> {
    private static final short NULL_IS_ALL = 1;
    private static final short NAMES_LISTENER = 6;
    private static final short BY_ID = 12;

    private final ApiSpec<MetadataRequestData, MetadataResponseData> spec = ApiSpec.of(
            ApiKeys.METADATA, MetadataHandler::refusing, (answer, throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final Supplier<ClusterImage> image;
    private final Controller controller;
    private final Authorizer authorizer;
    private final TopicAutoCreation creation;

    MetadataHandler(
            Supplier<ClusterImage> image, Controller controller, Authorizer authorizer, TopicAutoCreation creation) {
        this.image = image;
        this.controller = controller;
        this.authorizer = authorizer;
        this.creation = creation;
    }

    @Override
    public ApiSpec<MetadataRequestData, MetadataResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<MetadataResponseData> handle(RequestContext context, MetadataRequestData request) {
        short version = context.apiVersion();
        boolean all = request.topics() == null
                || version < NULL_IS_ALL && request.topics().isEmpty();
        boolean byId = !all && hasId(request.topics());
        if (!all && !isSensible(request.topics(), byId, version)) {
            return Reply.of(refusing(request, Errors.INVALID_REQUEST));
        }
        ClusterImage now = image.get();
        MetadataResponseData answer = new MetadataResponseData()
                .setClusterId(now.clusterId())
                .setControllerId(controller.reachable(now).value());
        brokers(now, context.listener(), answer);
        if (all) {
            for (TopicImage topic : now.topics().values()) {
                if (!topic.deleting() && mayDescribe(context.caller(), topic.name())) {
                    answer.topics().add(topic(now, topic, context, request));
                }
            }
        } else if (byId) {
            byId(now, context, request, answer);
        } else {
            byName(now, context, request, answer);
        }
        if (request.includeClusterAuthorizedOperations()) {
            answer.setClusterAuthorizedOperations(AuthorizedOperations.onCluster(authorizer, context.caller()));
        }
        return Reply.of(answer);
    }

    private static boolean hasId(List<MetadataRequestTopic> topics) {
        for (MetadataRequestTopic topic : topics) {
            if (!topic.topicId().equals(Uuid.ZERO_UUID)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSensible(List<MetadataRequestTopic> topics, boolean byId, short version) {
        if (byId) {
            return version >= BY_ID;
        }
        for (MetadataRequestTopic topic : topics) {
            if (topic.name() == null) {
                return false;
            }
        }
        return true;
    }

    private static void brokers(ClusterImage now, String listener, MetadataResponseData answer) {
        for (BrokerImage broker : now.brokers().values()) {
            BrokerImage.Endpoint endpoint = broker.endpoint(listener);
            if (endpoint != null) {
                answer.brokers()
                        .add(new MetadataResponseBroker()
                                .setNodeId(broker.id().value())
                                .setHost(endpoint.host())
                                .setPort(endpoint.port())
                                .setRack(broker.rack()));
            }
        }
    }

    private void byId(
            ClusterImage now, RequestContext context, MetadataRequestData request, MetadataResponseData answer) {
        Set<Uuid> ids = new LinkedHashSet<>();
        request.topics().forEach(topic -> ids.add(topic.topicId()));
        for (Uuid id : ids) {
            TopicImage topic = now.topic(TopicId.of(id));
            if (topic == null || topic.deleting()) {
                answer.topics().add(failed(null, id, Errors.UNKNOWN_TOPIC_ID));
            } else if (!mayDescribe(context.caller(), topic.name())) {
                answer.topics().add(failed(null, id, Errors.TOPIC_AUTHORIZATION_FAILED));
            } else {
                answer.topics().add(topic(now, topic, context, request));
            }
        }
    }

    private void byName(
            ClusterImage now, RequestContext context, MetadataRequestData request, MetadataResponseData answer) {
        Set<String> names = new LinkedHashSet<>();
        request.topics().forEach(topic -> names.add(topic.name()));
        List<String> wanted = new ArrayList<>(0);
        for (String name : names) {
            TopicImage topic = now.topic(name);
            if (!mayDescribe(context.caller(), name)) {
                answer.topics().add(failed(name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED));
            } else if (topic != null && !topic.deleting()) {
                answer.topics().add(topic(now, topic, context, request));
            } else if (!TopicNames.isLegal(name)) {
                answer.topics().add(failed(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION));
            } else if (creation.enabled() && request.allowAutoTopicCreation()) {
                boolean may = creation.allowed(context.caller(), name);
                if (may) {
                    wanted.add(name);
                }
                answer.topics()
                        .add(failed(
                                name,
                                Uuid.ZERO_UUID,
                                may ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.TOPIC_AUTHORIZATION_FAILED));
            } else {
                answer.topics().add(failed(name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION));
            }
        }
        if (!wanted.isEmpty()) {
            creation.ask(context.caller(), wanted);
        }
    }

    private MetadataResponseTopic topic(
            ClusterImage now, TopicImage topic, RequestContext context, MetadataRequestData request) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        int number = 0;
        for (PartitionImage partition : topic.partitions()) {
            partitions.add(partition(now, partition, number++, context));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id().uuid())
                .setIsInternal(TopicNames.isInternal(topic.name()))
                .setPartitions(partitions)
                .setTopicAuthorizedOperations(
                        request.includeTopicAuthorizedOperations()
                                ? AuthorizedOperations.onTopic(authorizer, context.caller(), topic.name())
                                : AuthorizedOperations.NOT_ASKED);
    }

    /** Clients of version 0 know no offline replicas: to them such are none at all. */
    private static MetadataResponsePartition partition(
            ClusterImage now, PartitionImage partition, int number, RequestContext context) {
        PartitionView view =
                PartitionView.of(now, partition, context.listener(), context.apiVersion() >= NAMES_LISTENER);
        Errors error = view.error();
        List<Integer> replicas = view.replicas();
        List<Integer> inSync = view.inSync();
        if (context.apiVersion() == 0 && !view.offline().isEmpty()) {
            replicas = without(replicas, view.offline());
            inSync = without(inSync, view.offline());
            error = error == Errors.NONE ? Errors.REPLICA_NOT_AVAILABLE : error;
        }
        return new MetadataResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(number)
                .setLeaderId(view.leader())
                .setLeaderEpoch(partition.leaderEpoch().value())
                .setReplicaNodes(replicas)
                .setIsrNodes(inSync)
                .setOfflineReplicas(view.offline());
    }

    private static List<Integer> without(List<Integer> all, List<Integer> some) {
        List<Integer> rest = new ArrayList<>(all);
        rest.removeAll(some);
        return rest;
    }

    private boolean mayDescribe(Caller caller, String topic) {
        return authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
    }

    private static MetadataResponseTopic failed(String name, Uuid id, Errors error) {
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(name != null && TopicNames.isInternal(name));
    }

    /** Versions below 13 have no error of their own: it goes to every topic that was named. */
    private static MetadataResponseData refusing(MetadataRequestData request, Errors error) {
        MetadataResponseData answer =
                new MetadataResponseData().setClusterId(null).setErrorCode(error.code());
        if (request.topics() != null) {
            for (MetadataRequestTopic topic : request.topics()) {
                answer.topics().add(failed(topic.name() == null ? "" : topic.name(), topic.topicId(), error));
            }
        }
        return answer;
    }
}
