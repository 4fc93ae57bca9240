package io.ottla.api;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Tells which broker coordinates a group, a transactional id, or a share partition; many keys at once (KIP-699). */
final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData, FindCoordinatorResponseData> {
    private static final short MANY_KEYS = 4;
    private static final short SHARE_GROUPS = 6;

    private final ApiSpec<FindCoordinatorRequestData, FindCoordinatorResponseData> spec = ApiSpec.of(
            ApiKeys.FIND_COORDINATOR,
            FindCoordinatorHandler::refusing,
            (answer, throttleMs) -> answer.setThrottleTimeMs(throttleMs));
    private final Supplier<ClusterImage> image;
    private final Authorizer authorizer;
    private final CoordinatorDirectory directory;
    private final TopicAutoCreation creation;

    /** @param creation of a coordinator's topic that does not exist yet */
    FindCoordinatorHandler(
            Supplier<ClusterImage> image,
            Authorizer authorizer,
            CoordinatorDirectory directory,
            TopicAutoCreation creation) {
        this.creation = creation;
        this.image = image;
        this.authorizer = authorizer;
        this.directory = directory;
    }

    @Override
    public ApiSpec<FindCoordinatorRequestData, FindCoordinatorResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<FindCoordinatorResponseData> handle(RequestContext context, FindCoordinatorRequestData request) {
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        if (context.apiVersion() < MANY_KEYS) {
            Coordinator found = find(context, request.keyType(), request.key());
            return Reply.of(answer.setErrorCode(found.errorCode())
                    .setErrorMessage(found.errorMessage())
                    .setNodeId(found.nodeId())
                    .setHost(found.host())
                    .setPort(found.port()));
        }
        for (String key : request.coordinatorKeys()) {
            answer.coordinators().add(find(context, request.keyType(), key));
        }
        return Reply.of(answer);
    }

    private Coordinator find(RequestContext context, byte type, String key) {
        CoordinatorDirectory.Kind kind = kind(type);
        if (kind == null || kind == CoordinatorDirectory.Kind.SHARE && !isSharePartition(key, context.apiVersion())) {
            return failed(key, Errors.INVALID_REQUEST);
        }
        Errors refusal = refusal(context.caller(), kind, key);
        if (refusal != Errors.NONE) {
            return failed(key, refusal);
        }
        if (image.get().topic(kind.topic()) == null) {
            creation.askInternal(kind.topic());
            return failed(key, Errors.COORDINATOR_NOT_AVAILABLE);
        }
        BrokerImage broker = image.get().brokers().get(directory.coordinator(kind, key));
        BrokerImage.Endpoint endpoint = broker == null ? null : broker.endpoint(context.listener());
        if (endpoint == null) {
            return failed(key, Errors.COORDINATOR_NOT_AVAILABLE);
        }
        return new Coordinator()
                .setKey(key)
                .setNodeId(broker.id().value())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setErrorMessage("");
    }

    /** Null for a type that there is not. */
    private static CoordinatorDirectory.Kind kind(byte type) {
        return switch (type) {
            case 0 -> CoordinatorDirectory.Kind.GROUP;
            case 1 -> CoordinatorDirectory.Kind.TRANSACTION;
            case 2 -> CoordinatorDirectory.Kind.SHARE;
            default -> null;
        };
    }

    private Errors refusal(Caller caller, CoordinatorDirectory.Kind kind, String key) {
        return switch (kind) {
            case GROUP ->
                authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.GROUP, key)
                        ? Errors.NONE
                        : Errors.GROUP_AUTHORIZATION_FAILED;
            case TRANSACTION ->
                authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, key)
                        ? Errors.NONE
                        : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            case SHARE ->
                authorizer.allows(caller, AclOperation.CLUSTER_ACTION, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)
                        ? Errors.NONE
                        : Errors.CLUSTER_AUTHORIZATION_FAILED;
        };
    }

    /** {@code group:topicId:partition}; the group may have colons of its own. */
    private static boolean isSharePartition(String key, short version) {
        int last = key.lastIndexOf(':');
        int middle = last < 0 ? -1 : key.lastIndexOf(':', last - 1);
        if (version < SHARE_GROUPS || middle < 1) {
            return false;
        }
        try {
            Uuid.fromString(key.substring(middle + 1, last));
            return Integer.parseInt(key.substring(last + 1)) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Coordinator failed(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(-1)
                .setHost("")
                .setPort(-1)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    /** Which field a version has is not known here: the answer carries the error in both. */
    private static FindCoordinatorResponseData refusing(FindCoordinatorRequestData request, Errors error) {
        FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
        List<String> keys = request.coordinatorKeys();
        if (keys.isEmpty()) {
            return answer.setErrorCode(error.code())
                    .setErrorMessage(error.message())
                    .setNodeId(-1)
                    .setHost("")
                    .setPort(-1);
        }
        keys.forEach(key -> answer.coordinators().add(failed(key, error)));
        return answer;
    }
}
