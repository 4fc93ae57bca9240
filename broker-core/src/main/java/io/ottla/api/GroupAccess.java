package io.ottla.api;

import io.ottla.coordinator.group.GroupAsker;
import io.ottla.security.Authorizer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

/** Who may do what to groups, and who asks. */
final class GroupAccess {
    private final Authorizer authorizer;

    GroupAccess(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    Authorizer authorizer() {
        return authorizer;
    }

    boolean reads(RequestContext context, String group) {
        return authorizer.allows(context.caller(), AclOperation.READ, ResourceType.GROUP, group);
    }

    boolean describes(RequestContext context, String group) {
        return authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.GROUP, group);
    }

    boolean deletes(RequestContext context, String group) {
        return authorizer.allows(context.caller(), AclOperation.DELETE, ResourceType.GROUP, group);
    }

    boolean describesCluster(RequestContext context) {
        return authorizer.allows(
                context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
    }

    boolean readsTopic(RequestContext context, String topic) {
        return authorizer.allows(context.caller(), AclOperation.READ, ResourceType.TOPIC, topic);
    }

    boolean describesTopic(RequestContext context, String topic) {
        return authorizer.allows(context.caller(), AclOperation.DESCRIBE, ResourceType.TOPIC, topic);
    }

    GroupAsker asker(RequestContext context) {
        return new GroupAsker(
                context.caller().clientId(),
                "/" + context.caller().address().getHostAddress(),
                context.apiVersion(),
                topic -> describesTopic(context, topic));
    }
}
