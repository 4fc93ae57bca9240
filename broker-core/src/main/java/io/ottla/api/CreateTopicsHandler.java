package io.ottla.api;

import io.ottla.config.TopicDefaults;
import io.ottla.controller.Controller;
import io.ottla.controller.NewTopic;
import io.ottla.controller.TopicResult;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Creates topics, or says what would come of it (KIP-4, KIP-525). A topic that is answered as created can be used; where
 * that takes longer than the request waits, the answer is REQUEST_TIMED_OUT and the creation goes on.
 */
final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequestData, CreateTopicsResponseData> {
    private static final short SHOWS_CONFIGS = 5;

    private final ApiSpec<CreateTopicsRequestData, CreateTopicsResponseData> spec = ApiSpec.of(
                    ApiKeys.CREATE_TOPICS,
                    CreateTopicsHandler::refusing,
                    (CreateTopicsResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .answeredByController(CreateTopicsResponseData::throttleTimeMs);
    private final Controller controller;
    private final Authorizer authorizer;
    private final Quotas quotas;
    private final TopicDefaults defaults;
    private final TopicConfigDescription configs;
    private final Timer timer;

    CreateTopicsHandler(
            Controller controller,
            Authorizer authorizer,
            Quotas quotas,
            TopicDefaults defaults,
            TopicConfigDescription configs,
            Timer timer) {
        this.controller = controller;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.defaults = defaults;
        this.configs = configs;
        this.timer = timer;
    }

    @Override
    public ApiSpec<CreateTopicsRequestData, CreateTopicsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<CreateTopicsResponseData> handle(RequestContext context, CreateTopicsRequestData request) {
        CreatableTopicResultCollection settled = new CreatableTopicResultCollection();
        List<NewTopic> wanted = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        request.topics().forEach(topic -> {
            if (!seen.add(topic.name())) {
                twice.add(topic.name());
            }
        });
        boolean everywhere =
                authorizer.allows(context.caller(), AclOperation.CREATE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
        int partitions = 0;
        for (CreatableTopic topic : request.topics()) {
            if (twice.contains(topic.name())) {
                continue;
            }
            if (!everywhere
                    && !authorizer.allows(context.caller(), AclOperation.CREATE, ResourceType.TOPIC, topic.name())) {
                settled.add(failed(topic.name(), Failure.of(Errors.TOPIC_AUTHORIZATION_FAILED)));
                continue;
            }
            wanted.add(topic(topic));
            partitions += partitions(topic);
        }
        twice.forEach(name -> settled.add(failed(name, Failure.of(Errors.INVALID_REQUEST, "Duplicate topic name."))));
        int throttleMs = request.validateOnly() ? 0 : quotas.chargeMutations(context.caller(), partitions);
        if (wanted.isEmpty()) {
            return Reply.of(new CreateTopicsResponseData().setTopics(settled)).throttled(throttleMs);
        }
        boolean shows = context.apiVersion() >= SHOWS_CONFIGS;
        return TimedAnswer.of(
                        controller.createTopics(wanted, request.validateOnly()),
                        request.timeoutMs(),
                        timer,
                        results -> answer(settled, results, context.caller(), shows),
                        () -> failing(settled, wanted, controller.lateness()),
                        () -> failing(settled, wanted, Failure.of(Errors.UNKNOWN_SERVER_ERROR)))
                .throttled(throttleMs);
    }

    private int partitions(CreatableTopic topic) {
        if (!topic.assignments().isEmpty()) {
            return topic.assignments().size();
        }
        return topic.numPartitions() == -1 ? defaults.numPartitions() : Math.max(0, topic.numPartitions());
    }

    private static NewTopic topic(CreatableTopic topic) {
        List<NewTopic.Assignment> assignments = new ArrayList<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            assignments.add(new NewTopic.Assignment(
                    assignment.partitionIndex(),
                    assignment.brokerIds().stream().map(BrokerId::new).toList()));
        }
        Map<String, String> set = new LinkedHashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            set.put(config.name(), config.value());
        }
        return new NewTopic(topic.name(), topic.numPartitions(), topic.replicationFactor(), assignments, set);
    }

    private CreateTopicsResponseData answer(
            CreatableTopicResultCollection settled, List<TopicResult> results, Caller caller, boolean shows) {
        CreatableTopicResultCollection topics = settled.duplicate();
        for (TopicResult result : results) {
            topics.add(
                    switch (result) {
                        case TopicResult.Refused(String name, Failure failure) -> failed(name, failure);
                        case TopicResult.Created created -> created(created, caller, shows);
                    });
        }
        return new CreateTopicsResponseData().setTopics(topics);
    }

    /** Who may not see a topic's configuration is not told its size either (KIP-525). */
    private CreatableTopicResult created(TopicResult.Created topic, Caller caller, boolean shows) {
        CreatableTopicResult result = new CreatableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.id().uuid())
                .setErrorMessage(null);
        if (!shows) {
            return result;
        }
        if (!authorizer.allows(caller, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC, topic.name())) {
            return result.setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
        }
        return result.setNumPartitions(topic.partitions())
                .setReplicationFactor(topic.replicationFactor())
                .setConfigs(configs.of(topic.configs()));
    }

    private static CreateTopicsResponseData failing(
            CreatableTopicResultCollection settled, List<NewTopic> wanted, Failure failure) {
        CreatableTopicResultCollection topics = settled.duplicate();
        wanted.forEach(topic -> topics.add(failed(topic.name(), failure)));
        return new CreateTopicsResponseData().setTopics(topics);
    }

    private static CreatableTopicResult failed(String name, Failure failure) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(failure.error().code())
                .setErrorMessage(failure.text())
                .setConfigs(List.of());
    }

    private static CreateTopicsResponseData refusing(CreateTopicsRequestData request, Errors error) {
        CreateTopicsResponseData answer = new CreateTopicsResponseData();
        Set<String> seen = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (seen.add(topic.name())) {
                answer.topics().add(failed(topic.name(), Failure.of(error)));
            }
        }
        return answer;
    }
}
