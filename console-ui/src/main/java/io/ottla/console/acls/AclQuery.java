package io.ottla.console.acls;

import io.ottla.console.access.Visit;
import io.ottla.console.pages.Addresses;
import io.ottla.console.pages.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Which rules the list shows, and how: what an address of the list says.
 *
 * @param name part of the resource's name; with the pattern MATCH all of it, to find what holds for it
 * @param principal part of the principal
 * @param byPrincipal ordered by it, not by resource
 * @param page from 1
 */
public record AclQuery(
        String path,
        ResourceType type,
        String name,
        PatternType pattern,
        String principal,
        AclOperation operation,
        AclPermissionType permission,
        boolean byPrincipal,
        int page) {
    private static final int PAGE = 50;
    private static final int MAX_TEXT = 250;

    /** What is not understood is not filtered by. */
    static AclQuery of(String path, Map<String, String> parameters) {
        return new AclQuery(
                path,
                choice(parameters.get("type"), ResourceType.ANY),
                text(parameters.get("name")),
                choice(parameters.get("pattern"), PatternType.ANY),
                text(parameters.get("principal")),
                choice(parameters.get("operation"), AclOperation.ANY),
                choice(parameters.get("permission"), AclPermissionType.ANY),
                "principal".equals(parameters.get("by")),
                Slice.page(parameters.get("page")));
    }

    private static <E extends Enum<E>> E choice(String text, E otherwise) {
        try {
            E found = text == null ? otherwise : Enum.valueOf(otherwise.getDeclaringClass(), text);
            return found.name().equals("UNKNOWN") ? otherwise : found;
        } catch (IllegalArgumentException unknown) {
            return otherwise;
        }
    }

    private static String text(String text) {
        String trimmed = text == null ? "" : text.strip();
        return trimmed.substring(0, Math.min(trimmed.length(), MAX_TEXT));
    }

    /** All that it matches, in its order. */
    List<Acl> select(Visit visit) {
        boolean holding = pattern == PatternType.MATCH && !name.isEmpty();
        AclBindingFilter asked = new AclBindingFilter(
                new ResourcePatternFilter(
                        type,
                        holding ? name : null,
                        pattern == PatternType.MATCH && !holding ? PatternType.ANY : pattern),
                new AccessControlEntryFilter(null, null, operation, permission));
        return Acls.list(visit, asked).stream()
                .filter(acl -> holding || contains(acl.name(), name))
                .filter(acl -> contains(acl.principal(), principal))
                .sorted(byPrincipal ? Acl.BY_PRINCIPAL : Acl.BY_RESOURCE)
                .toList();
    }

    Slice<Acl> slice(List<Acl> all) {
        return Slice.of(all, page, PAGE);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** Whether it leaves anything out. */
    public boolean isFiltered() {
        return !filter().isEmpty();
    }

    public String onPage(int other) {
        return path + parameters(byPrincipal, other);
    }

    public String ordered(boolean principalFirst) {
        return path + parameters(principalFirst, 1);
    }

    /** Another page about the same rules, such as {@code /delete-matching}. */
    public String below(String suffix) {
        return path + suffix + parameters(byPrincipal, 1);
    }

    private String parameters(boolean principalFirst, int number) {
        Map<String, String> all = filter();
        if (principalFirst) {
            all.put("by", "principal");
        }
        if (number > 1) {
            all.put("page", Integer.toString(number));
        }
        StringBuilder text = new StringBuilder();
        all.forEach((key, value) ->
                text.append(text.isEmpty() ? "?" : "&").append(key).append('=').append(Addresses.parameter(value)));
        return text.toString();
    }

    /** What it leaves out by, as parameters. */
    public Map<String, String> filter() {
        Map<String, String> all = new LinkedHashMap<>();
        put(all, "type", type == ResourceType.ANY ? "" : type.name());
        put(all, "name", name);
        put(all, "pattern", pattern == PatternType.ANY ? "" : pattern.name());
        put(all, "principal", principal);
        put(all, "operation", operation == AclOperation.ANY ? "" : operation.name());
        put(all, "permission", permission == AclPermissionType.ANY ? "" : permission.name());
        return all;
    }

    private static void put(Map<String, String> all, String key, String value) {
        if (!value.isEmpty()) {
            all.put(key, value);
        }
    }
}
