package io.ottla.api;

import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Who may see or change configuration: of a topic or a group who may so there, of all else who may so on the cluster. */
final class ConfigAccess {
    private final Authorizer authorizer;
    private final AclOperation operation;

    /** @param operation to see or to change it */
    ConfigAccess(Authorizer authorizer, AclOperation operation) {
        this.authorizer = authorizer;
        this.operation = operation;
    }

    /** {@link Errors#NONE} where it is allowed, or where the type says nothing. */
    Errors denied(Caller caller, ConfigResource.Type type, String name) {
        return switch (type) {
            case TOPIC ->
                authorizer.allows(caller, operation, ResourceType.TOPIC, name)
                        ? Errors.NONE
                        : Errors.TOPIC_AUTHORIZATION_FAILED;
            case GROUP ->
                authorizer.allows(caller, operation, ResourceType.GROUP, name)
                        ? Errors.NONE
                        : Errors.GROUP_AUTHORIZATION_FAILED;
            case BROKER, BROKER_LOGGER, CLIENT_METRICS ->
                authorizer.allows(caller, operation, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)
                        ? Errors.NONE
                        : Errors.CLUSTER_AUTHORIZATION_FAILED;
            case UNKNOWN -> Errors.NONE;
        };
    }
}
