package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.ottla.console.acls.Acl;
import io.ottla.console.pages.Addresses;
import io.ottla.console.rest.Links.Metadata;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** An access rule, as it is told and, without what the first three say, as it is given. */
record AclData(
        String kind,
        Metadata metadata,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("resource_type") String resourceType,
        @JsonProperty("resource_name") String resourceName,
        @JsonProperty("pattern_type") String patternType,
        String principal,
        String host,
        String operation,
        String permission) {

    static AclData of(Acl acl, Links links) {
        return new AclData(
                "KafkaAcl",
                links.metadata("/acls" + parameters(acl)),
                links.cluster(),
                acl.type().name(),
                acl.name(),
                acl.pattern().name(),
                acl.principal(),
                acl.host(),
                acl.operation().name(),
                acl.permission().name());
    }

    /** By which a list has this one rule. */
    static String parameters(Acl acl) {
        return "?resource_type=" + acl.type() + "&resource_name=" + Addresses.parameter(acl.name()) + "&pattern_type="
                + acl.pattern() + "&principal=" + Addresses.parameter(acl.principal()) + "&host="
                + Addresses.parameter(acl.host()) + "&operation=" + acl.operation() + "&permission="
                + acl.permission();
    }

    /** What was given, if it can be a rule. */
    Acl acl() {
        ResourceType type = choice("resource_type", resourceType, ResourceType.class);
        return new Acl(
                        type,
                        type == ResourceType.CLUSTER && resourceName == null
                                ? "kafka-cluster"
                                : text("resource_name", resourceName),
                        patternType == null
                                ? PatternType.LITERAL
                                : choice("pattern_type", patternType, PatternType.class),
                        text("principal", principal),
                        host == null ? "*" : text("host", host),
                        choice("operation", operation, AclOperation.class),
                        choice("permission", permission, AclPermissionType.class))
                .checked();
    }

    private static String text(String field, String value) {
        if (value == null || value.isBlank()) {
            throw new ApiFailure(ApiError.BAD_REQUEST, "Expected " + field + ", but the request has none.");
        }
        return value;
    }

    static <E extends Enum<E>> E choice(String field, String value, Class<E> type) {
        try {
            return Enum.valueOf(type, text(field, value));
        } catch (IllegalArgumentException unknown) {
            throw new ApiFailure(
                    ApiError.BAD_REQUEST,
                    "Expected " + field + " of " + String.join(", ", names(type)) + ", but got " + value + ".");
        }
    }

    private static <E extends Enum<E>> List<String> names(Class<E> type) {
        return Stream.of(type.getEnumConstants())
                .map(Enum::name)
                .filter(name -> !name.equals("UNKNOWN"))
                .toList();
    }
}
