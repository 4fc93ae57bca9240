package io.ottla.security;

import io.ottla.types.Caller;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Decides who may do what. Pure and quick: called on event loops for every request. Thread-safe. */
public interface Authorizer {
    /** The name of the one resource of type {@link ResourceType#CLUSTER}. */
    String CLUSTER_NAME = "kafka-cluster";

    boolean allows(Caller caller, AclOperation operation, ResourceType type, String name);

    /** Whether the caller may do this to at least one resource of the type (KIP-679). */
    boolean allowsAny(Caller caller, AclOperation operation, ResourceType type);

    /** Everybody may do everything: a broker without {@code authorizer.class.name}. */
    static Authorizer allowAll() {
        return AllowAll.INSTANCE;
    }
}
