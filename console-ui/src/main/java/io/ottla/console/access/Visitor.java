package io.ottla.console.access;

import java.security.Principal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody who has logged in.
 *
 * @param name by which he logged in
 * @param grants all of them hold
 */
public record Visitor(String name, List<Grant> grants) implements Principal {
    public Visitor {
        grants = List.copyOf(grants);
    }

    @Override
    public String getName() {
        return name;
    }

    public boolean may(Action action, String cluster, String resource) {
        for (Grant grant : grants) {
            if (grant.allows(action, cluster, resource)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a role by which he may do this reaches to a thing of another kind, too. */
    boolean may(Action action, ResourceType type, String cluster, String resource) {
        return grants.stream().anyMatch(grant -> grant.allows(action, type, cluster, resource));
    }

    /** Whether he may do it to some topic or group of a cluster. */
    boolean maySomewhere(Action action, String cluster) {
        return grants.stream().anyMatch(grant -> grant.allowsSomewhere(action, cluster));
    }

    /** Patterns of the topics or groups to which he may do what he may not do to this one, for him to read. */
    String elsewhere(Action action, String cluster, String name) {
        return grants.stream()
                .flatMap(grant -> grant.names(action, cluster, name).stream())
                .map(NamePattern::text)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Whether he may do it to the console itself. */
    public boolean may(Action action) {
        return may(action, "", "");
    }
}
