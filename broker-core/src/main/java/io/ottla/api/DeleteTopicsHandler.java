package io.ottla.api;

import io.ottla.config.TopicDefaults;
import io.ottla.controller.Controller;
import io.ottla.controller.DoomedTopic;
import io.ottla.controller.NamedResult;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.quota.Quotas;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Deletes topics by name or by id (KIP-516). Who may not describe a topic does not learn whether it exists, and whoever
 * gives an id does not learn its name.
 */
final class DeleteTopicsHandler implements ApiHandler<DeleteTopicsRequestData, DeleteTopicsResponseData> {
    private static final short KNOWS_DISABLED = 3;
    private static final short STATES = 6;

    private final ApiSpec<DeleteTopicsRequestData, DeleteTopicsResponseData> spec = ApiSpec.of(
                    ApiKeys.DELETE_TOPICS,
                    DeleteTopicsHandler::refusing,
                    (DeleteTopicsResponseData answer, Integer throttleMs) -> answer.setThrottleTimeMs(throttleMs))
            .answeredByController(DeleteTopicsResponseData::throttleTimeMs);
    private final Controller controller;
    private final Supplier<ClusterImage> image;
    private final Authorizer authorizer;
    private final Quotas quotas;
    private final TopicDefaults defaults;
    private final Timer timer;

    DeleteTopicsHandler(
            Controller controller,
            Supplier<ClusterImage> image,
            Authorizer authorizer,
            Quotas quotas,
            TopicDefaults defaults,
            Timer timer) {
        this.controller = controller;
        this.image = image;
        this.authorizer = authorizer;
        this.quotas = quotas;
        this.defaults = defaults;
        this.timer = timer;
    }

    @Override
    public ApiSpec<DeleteTopicsRequestData, DeleteTopicsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DeleteTopicsResponseData> handle(RequestContext context, DeleteTopicsRequestData request) {
        if (!defaults.deleteTopicEnable()) {
            return Reply.of(refusing(
                    request,
                    context.apiVersion() < KNOWS_DISABLED ? Errors.INVALID_REQUEST : Errors.TOPIC_DELETION_DISABLED));
        }
        List<DeletableTopicResult> settled = new ArrayList<>();
        Map<String, DeletableTopicResult> doomed = new HashMap<>();
        List<DoomedTopic> wanted = new ArrayList<>();
        int partitions = 0;
        ClusterImage now = image.get();
        Set<Object> twice = named(context, request, now, settled);
        for (DeleteTopicState state : states(context, request)) {
            Object key = key(state);
            if (key == null || twice.contains(key)) {
                continue;
            }
            TopicImage topic = state.name() != null ? now.topic(state.name()) : now.topic(TopicId.of(state.topicId()));
            Errors error = error(context, state, topic);
            if (error != Errors.NONE) {
                settled.add(failed(state.name(), state.topicId(), Failure.of(error)));
                continue;
            }
            doomed.put(
                    topic.name(),
                    new DeletableTopicResult()
                            .setName(topic.name())
                            .setTopicId(topic.id().uuid()));
            wanted.add(new DoomedTopic(topic.name(), topic.id()));
            partitions += topic.partitions().size();
        }
        int throttleMs = quotas.chargeMutations(context.caller(), partitions);
        if (wanted.isEmpty()) {
            return Reply.of(answer(settled)).throttled(throttleMs);
        }
        return TimedAnswer.of(
                        controller.deleteTopics(wanted),
                        request.timeoutMs(),
                        timer,
                        results -> answer(settled, doomed, results),
                        () -> answer(settled, doomed, failing(wanted, controller.lateness())),
                        () -> answer(settled, doomed, failing(wanted, Failure.of(Errors.UNKNOWN_SERVER_ERROR))))
                .throttled(throttleMs);
    }

    private static List<DeleteTopicState> states(RequestContext context, DeleteTopicsRequestData request) {
        if (context.apiVersion() >= STATES) {
            return request.topics();
        }
        List<DeleteTopicState> states = new ArrayList<>(request.topicNames().size());
        request.topicNames().forEach(name -> states.add(new DeleteTopicState().setName(name)));
        return states;
    }

    /** What a topic is named by: a name or an id; null for both and for neither. */
    private static Object key(DeleteTopicState state) {
        boolean hasId = !state.topicId().equals(Uuid.ZERO_UUID);
        if (state.name() != null) {
            return hasId ? null : state.name();
        }
        return hasId ? state.topicId() : null;
    }

    /**
     * Settles what makes no sense, and returns what is named more than once. A topic that is named by its name and by its
     * id is one of them, and is not deleted; who may not describe it does not learn that both are the same.
     */
    private Set<Object> named(
            RequestContext context,
            DeleteTopicsRequestData request,
            ClusterImage now,
            List<DeletableTopicResult> settled) {
        Set<Object> seen = new HashSet<>();
        Set<Object> twice = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (DeleteTopicState state : states(context, request)) {
            Object key = key(state);
            if (key == null) {
                String why = state.name() != null
                        ? "You may not specify both topic name and topic id."
                        : "Neither topic name nor id were specified.";
                settled.add(failed(state.name(), state.topicId(), Failure.of(Errors.INVALID_REQUEST, why)));
            } else if (!seen.add(key) && twice.add(key)) {
                settled.add(failed(
                        state.name(), state.topicId(), Failure.of(Errors.INVALID_REQUEST, "Duplicate topic name.")));
            } else if (state.name() != null) {
                names.add(state.name());
            }
        }
        for (Object key : seen) {
            TopicImage topic = key instanceof Uuid id ? now.topic(TopicId.of(id)) : null;
            boolean both = topic != null
                    && names.contains(topic.name())
                    && authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic.name());
            if (both && twice.add(key) && twice.add(topic.name())) {
                settled.add(failed(
                        topic.name(),
                        topic.id().uuid(),
                        Failure.of(Errors.INVALID_REQUEST, "The topic is named by its id as well.")));
            }
        }
        return twice;
    }

    private Errors error(RequestContext context, DeleteTopicState state, TopicImage topic) {
        boolean byId = state.name() == null;
        if (topic == null && byId) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        String name = byId ? topic.name() : state.name();
        if (!authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, name)) {
            return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (!authorizer.allows(context.caller(), AclOperation.DELETE, ResourceType.TOPIC, name)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return topic == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
    }

    private static List<NamedResult> failing(List<DoomedTopic> wanted, Failure failure) {
        return wanted.stream()
                .map(topic -> new NamedResult(topic.name(), failure))
                .toList();
    }

    private static DeleteTopicsResponseData answer(
            List<DeletableTopicResult> settled, Map<String, DeletableTopicResult> doomed, List<NamedResult> results) {
        List<DeletableTopicResult> all = new ArrayList<>(settled);
        for (NamedResult result : results) {
            DeletableTopicResult topic = doomed.get(result.name()).duplicate();
            if (result.failure() != null) {
                topic.setErrorCode(result.failure().error().code())
                        .setErrorMessage(result.failure().text());
            }
            all.add(topic);
        }
        return answer(all);
    }

    private static DeleteTopicsResponseData answer(List<DeletableTopicResult> results) {
        DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
        results.forEach(answer.responses()::add);
        return answer;
    }

    private static DeletableTopicResult failed(String name, Uuid id, Failure failure) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(failure.error().code())
                .setErrorMessage(failure.text());
    }

    private static DeleteTopicsResponseData refusing(DeleteTopicsRequestData request, Errors error) {
        DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
        request.topics()
                .forEach(topic -> answer.responses().add(failed(topic.name(), topic.topicId(), Failure.of(error))));
        request.topicNames().forEach(name -> answer.responses().add(failed(name, Uuid.ZERO_UUID, Failure.of(error))));
        return answer;
    }
}
