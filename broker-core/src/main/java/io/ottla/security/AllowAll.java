package io.ottla.security;

import io.ottla.types.Caller;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** No access lists: Kafka's behaviour when no authorizer is configured. */
enum AllowAll implements Authorizer {
    INSTANCE;

    @Override
    public boolean allows(Caller caller, AclOperation operation, ResourceType type, String name) {
        return true;
    }

    @Override
    public boolean allowsAny(Caller caller, AclOperation operation, ResourceType type) {
        return true;
    }
}
