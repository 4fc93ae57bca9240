package io.ottla.console.access;

import java.util.List;
import java.util.Set;

/**
 * A role on some clusters, there for some topics and groups.
 *
 * @param clusters patterns of the clusters' keys
 * @param topics patterns of topics' names; what is done to the cluster as a whole needs all
 * @param groups patterns of groups' names; likewise
 */
public record Grant(Role role, List<NamePattern> clusters, List<NamePattern> topics, List<NamePattern> groups) {
    /** Begins the names of topics that software keeps for itself. */
    private static final String INTERNAL = "__";

    /** Of what these hold, each is shown the groups and topics that he may see. */
    private static final Set<String> OF_COORDINATORS = Set.of("__consumer_offsets", "__transaction_state");

    private static final List<NamePattern> ALL = List.of(NamePattern.ANY);

    public Grant {
        clusters = List.copyOf(clusters);
        topics = List.copyOf(topics);
        groups = List.copyOf(groups);
    }

    public static Grant everywhere(Role role) {
        return new Grant(role, ALL, ALL, ALL);
    }

    /**
     * Whether it is good for this action.
     *
     * @param cluster the cluster's key; not looked at for what is done to the console itself
     * @param name of the topic or group; not looked at for what is done to neither
     */
    boolean allows(Action action, String cluster, String name) {
        return allows(action, action.type(), cluster, name);
    }

    /** The same as if the action were done to another kind of thing. */
    boolean allows(Action action, ResourceType type, String cluster, String name) {
        return role.covers(least(action, name))
                && switch (type) {
                    // Whoever says who may do what could give himself the rest.
                    case CONSOLE -> isEverywhere();
                    case ONESELF -> true;
                    case CLUSTER -> any(clusters, cluster);
                    case WHOLE_CLUSTER -> any(clusters, cluster) && hasAllNames();
                    case TOPIC -> any(clusters, cluster) && any(topics, name);
                    case GROUP -> any(clusters, cluster) && any(groups, name);
                };
    }

    /**
     * What brokers and consoles keep for themselves, the trail among it, is for administrators: it tells of everybody, and is
     * believed. Others see that it is there, and may move it.
     */
    static Role least(Action action, String name) {
        boolean guarded = switch (action) {
            case READ_RECORDS -> name.startsWith(INTERNAL) && !OF_COORDINATORS.contains(name);
            case PRODUCE, CREATE_TOPIC, EDIT_TOPIC, ADD_PARTITIONS -> name.startsWith(INTERNAL);
            default -> false;
        };
        return guarded ? Role.ADMIN : action.least();
    }

    /** Whether it is good for this action on some topic or group of the cluster. */
    boolean allowsSomewhere(Action action, String cluster) {
        return role.covers(action.least())
                && any(clusters, cluster)
                && (action.type() != ResourceType.WHOLE_CLUSTER || hasAllNames())
                && (action.type() != ResourceType.TOPIC || !topics.isEmpty())
                && (action.type() != ResourceType.GROUP || !groups.isEmpty());
    }

    /** The topics or groups of the cluster that its role is enough for, where this is done to one of them. */
    List<NamePattern> names(Action action, String cluster, String name) {
        if (!role.covers(least(action, name)) || !any(clusters, cluster)) {
            return List.of();
        }
        return switch (action.type()) {
            case TOPIC -> topics;
            case GROUP -> groups;
            case CONSOLE, ONESELF, CLUSTER, WHOLE_CLUSTER -> List.of();
        };
    }

    private boolean isEverywhere() {
        return any(clusters, ALL) && hasAllNames();
    }

    private boolean hasAllNames() {
        return any(topics, ALL) && any(groups, ALL);
    }

    private static boolean any(List<NamePattern> patterns, List<NamePattern> all) {
        return patterns.containsAll(all);
    }

    private static boolean any(List<NamePattern> patterns, String name) {
        for (NamePattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
