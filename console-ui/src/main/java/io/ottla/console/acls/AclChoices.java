package io.ottla.console.acls;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** What can be chosen from in the forms. */
public final class AclChoices {
    private AclChoices() {}

    static final AclChoices ALL = new AclChoices();

    public List<ResourceType> types() {
        return List.of(
                ResourceType.TOPIC,
                ResourceType.GROUP,
                ResourceType.TRANSACTIONAL_ID,
                ResourceType.CLUSTER,
                ResourceType.DELEGATION_TOKEN,
                ResourceType.USER);
    }

    public List<PatternType> patterns() {
        return List.of(PatternType.LITERAL, PatternType.PREFIXED);
    }

    public List<AclOperation> operations() {
        return Stream.of(AclOperation.values())
                .filter(each -> each != AclOperation.ANY && !each.isUnknown())
                .toList();
    }

    public List<AclPermissionType> permissions() {
        return List.of(AclPermissionType.ALLOW, AclPermissionType.DENY);
    }
}
