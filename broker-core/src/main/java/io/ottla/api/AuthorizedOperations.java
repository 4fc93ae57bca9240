package io.ottla.api;

import io.ottla.security.Authorizer;
import io.ottla.types.Caller;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** What a caller may do with a resource, as bits by the operations' codes (KIP-430). */
final class AuthorizedOperations {
    /** In answers: not asked for. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    private static final AclOperation[] TOPIC = {
        AclOperation.READ,
        AclOperation.WRITE,
        AclOperation.CREATE,
        AclOperation.DELETE,
        AclOperation.ALTER,
        AclOperation.DESCRIBE,
        AclOperation.DESCRIBE_CONFIGS,
        AclOperation.ALTER_CONFIGS
    };
    private static final AclOperation[] CLUSTER = {
        AclOperation.CREATE,
        AclOperation.ALTER,
        AclOperation.DESCRIBE,
        AclOperation.CLUSTER_ACTION,
        AclOperation.DESCRIBE_CONFIGS,
        AclOperation.ALTER_CONFIGS,
        AclOperation.IDEMPOTENT_WRITE
    };

    private static final AclOperation[] GROUP = {
        AclOperation.READ,
        AclOperation.DELETE,
        AclOperation.DESCRIBE,
        AclOperation.DESCRIBE_CONFIGS,
        AclOperation.ALTER_CONFIGS
    };

    private AuthorizedOperations() {}

    static int onGroup(Authorizer authorizer, Caller caller, String group) {
        return bits(authorizer, caller, GROUP, ResourceType.GROUP, group);
    }

    static int onTopic(Authorizer authorizer, Caller caller, String topic) {
        return bits(authorizer, caller, TOPIC, ResourceType.TOPIC, topic);
    }

    /** 0 for who may not even describe the cluster. */
    static int onCluster(Authorizer authorizer, Caller caller) {
        boolean describes =
                authorizer.allows(caller, AclOperation.DESCRIBE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
        return describes ? bits(authorizer, caller, CLUSTER, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME) : 0;
    }

    private static int bits(
            Authorizer authorizer, Caller caller, AclOperation[] operations, ResourceType type, String name) {
        int bits = 0;
        for (AclOperation operation : operations) {
            if (authorizer.allows(caller, operation, type, name)) {
                bits |= 1 << operation.code();
            }
        }
        return bits;
    }
}
