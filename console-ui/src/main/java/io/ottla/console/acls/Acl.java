package io.ottla.console.acls;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.words.Wording;
import java.util.Comparator;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One access rule.
 *
 * @param name of the resource, or how its names begin; {@code *} for all of its type
 * @param principal such as {@code User:ann}; {@code User:*} for everybody
 * @param host an address of the client; {@code *} for every one
 */
public record Acl(
        ResourceType type,
        String name,
        PatternType pattern,
        String principal,
        String host,
        AclOperation operation,
        AclPermissionType permission) {
    static final Comparator<Acl> BY_RESOURCE = Comparator.comparing(Acl::type)
            .thenComparing(Acl::name)
            .thenComparing(Acl::pattern)
            .thenComparing(Acl::principal)
            .thenComparing(Acl::operation)
            .thenComparing(Acl::permission)
            .thenComparing(Acl::host);
    static final Comparator<Acl> BY_PRINCIPAL =
            Comparator.comparing(Acl::principal).thenComparing(BY_RESOURCE);

    static final String ALL = "*";

    /** In no pattern: what matches it stands for any text. */
    private static final String ANYTHING = "\u0000";

    /** The one resource of its type. */
    static final String CLUSTER = "kafka-cluster";

    private static final Set<ResourceType> TYPES = Set.of(
            ResourceType.TOPIC,
            ResourceType.GROUP,
            ResourceType.CLUSTER,
            ResourceType.TRANSACTIONAL_ID,
            ResourceType.DELEGATION_TOKEN,
            ResourceType.USER);
    private static final int MAX = 1_000;

    public static Acl of(AclBinding binding) {
        ResourcePattern resource = binding.pattern();
        AccessControlEntry entry = binding.entry();
        return new Acl(
                resource.resourceType(),
                resource.name(),
                resource.patternType(),
                entry.principal(),
                entry.host(),
                entry.operation(),
                entry.permissionType());
    }

    /**
     * The same, if it can be a rule.
     *
     * @throws Mistyped naming the field that can't be what it is
     */
    public Acl checked() {
        if (!TYPES.contains(type)) {
            throw new Mistyped(Wording.of("acls.bad.type", type.name()));
        }
        if (pattern != PatternType.LITERAL && pattern != PatternType.PREFIXED) {
            throw new Mistyped(Wording.of("acls.bad.pattern", pattern.name()));
        }
        if (name.isBlank() || name.length() > MAX) {
            throw new Mistyped(Wording.of("acls.bad.name"));
        }
        if (type == ResourceType.CLUSTER && (!name.equals(CLUSTER) || pattern != PatternType.LITERAL)) {
            throw new Mistyped(Wording.of("acls.bad.cluster", CLUSTER, name));
        }
        int colon = principal.indexOf(':');
        if (colon <= 0 || colon == principal.length() - 1 || principal.length() > MAX) {
            throw new Mistyped(Wording.of("acls.bad.principal", principal));
        }
        if (host.isBlank() || host.length() > MAX) {
            throw new Mistyped(Wording.of("acls.bad.host", host));
        }
        if (operation == AclOperation.ANY || operation.isUnknown()) {
            throw new Mistyped(Wording.of("acls.bad.operation", operation.name()));
        }
        if (permission == AclPermissionType.ANY || permission.isUnknown()) {
            throw new Mistyped(Wording.of("acls.bad.permission", permission.name()));
        }
        return this;
    }

    public AclBinding binding() {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal, host, operation, permission));
    }

    /** Whether somebody may see it: a rule for a topic or group tells that there is such a name. */
    boolean isVisible(Visit visit) {
        return name.equals(ALL) || isWithin(visit, Action.VIEW_ACLS);
    }

    /** Whether somebody may set or delete it. */
    public boolean isChangeable(Visit visit) {
        return isWithin(visit, Action.EDIT_ACLS);
    }

    /** Whether it holds for nothing but what somebody's role for an action is good for. */
    boolean isWithin(Visit visit, Action action) {
        String whole = pattern == PatternType.PREFIXED ? name + ANYTHING : name;
        return switch (type) {
            case TOPIC -> visit.may(action, io.ottla.console.access.ResourceType.TOPIC, whole);
            case GROUP -> visit.may(action, io.ottla.console.access.ResourceType.GROUP, whole);
            default -> visit.may(action, io.ottla.console.access.ResourceType.WHOLE_CLUSTER, "");
        };
    }

    /** All of it in one line, by which a page names it to us. */
    public String line() {
        return AclText.csv(this);
    }

    /** For the trail: all of it in one line. */
    @Override
    public String toString() {
        return permission + " " + operation + " on " + type + ":" + pattern + ":" + name + " to " + principal + " from "
                + host;
    }
}
