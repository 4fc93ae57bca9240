package io.ottla.api;

import io.ottla.security.Authorizer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Who may do what to transactions, and what clients of old versions are told. */
final class TransactionAccess {
    private final Authorizer authorizer;

    TransactionAccess(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    boolean writes(RequestContext context, String transactionalId) {
        return authorizer.allows(context.caller(), AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, transactionalId);
    }

    boolean describes(RequestContext context, String transactionalId) {
        return authorizer.allows(
                context.caller(), AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, transactionalId);
    }

    boolean readsGroup(RequestContext context, String group) {
        return authorizer.allows(context.caller(), AclOperation.READ, ResourceType.GROUP, group);
    }

    boolean writesTopic(RequestContext context, String topic) {
        return authorizer.allows(context.caller(), AclOperation.WRITE, ResourceType.TOPIC, topic);
    }

    boolean describesTopic(RequestContext context, String topic) {
        return authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
    }

    /** Whether it acts for the cluster, as brokers do. */
    boolean actsForCluster(RequestContext context) {
        return onCluster(context, AclOperation.CLUSTER_ACTION);
    }

    /** Whether it may write markers: brokers do, and who ends a hanging transaction (KIP-664). */
    boolean writesMarkers(RequestContext context) {
        return actsForCluster(context) || onCluster(context, AclOperation.ALTER);
    }

    private boolean onCluster(RequestContext context, AclOperation operation) {
        return authorizer.allows(context.caller(), operation, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
    }

    /**
     * Clients of the first versions know the fenced producer by another name (KIP-588).
     *
     * @param firstWithFenced the first version of the API that knows PRODUCER_FENCED
     */
    static Errors told(Errors error, RequestContext context, int firstWithFenced) {
        return error == Errors.PRODUCER_FENCED && context.apiVersion() < firstWithFenced
                ? Errors.INVALID_PRODUCER_EPOCH
                : error;
    }
}
