package io.ottla.console.access;

import static io.ottla.console.access.ResourceType.CLUSTER;
import static io.ottla.console.access.ResourceType.CONSOLE;
import static io.ottla.console.access.ResourceType.GROUP;
import static io.ottla.console.access.ResourceType.ONESELF;
import static io.ottla.console.access.ResourceType.TOPIC;
import static io.ottla.console.access.ResourceType.WHOLE_CLUSTER;
import static io.ottla.console.access.Role.ADMIN;
import static io.ottla.console.access.Role.OPERATOR;
import static io.ottla.console.access.Role.VIEWER;

/** Everything that somebody can do in the console, with the least role that may. Each page and each call of the API is one of these. */
public enum Action {
    VIEW_CLUSTER(VIEWER, CLUSTER),
    /** Names of everything are in there. */
    VIEW_ZOOKEEPER(ADMIN, WHOLE_CLUSTER),
    EDIT_BROKER(ADMIN, WHOLE_CLUSTER),
    EDIT_LOG_LEVELS(OPERATOR, WHOLE_CLUSTER),
    UNREGISTER_BROKER(ADMIN, WHOLE_CLUSTER),
    THROTTLE(OPERATOR, WHOLE_CLUSTER),
    EDIT_QUOTAS(ADMIN, WHOLE_CLUSTER),
    VIEW_ACLS(VIEWER, CLUSTER),
    /** Of his topics and groups; all other rules want {@link ResourceType#WHOLE_CLUSTER}. */
    EDIT_ACLS(ADMIN, CLUSTER),
    VIEW_USERS(ADMIN, WHOLE_CLUSTER),
    EDIT_USERS(ADMIN, WHOLE_CLUSTER),
    /** By its id: what it has written to is for its coordinator to know. */
    ABORT_TRANSACTION(ADMIN, WHOLE_CLUSTER),

    VIEW_TOPIC(VIEWER, TOPIC),
    READ_RECORDS(VIEWER, TOPIC),
    READ_UNMASKED(ADMIN, TOPIC),
    PRODUCE(OPERATOR, TOPIC),
    CREATE_TOPIC(OPERATOR, TOPIC),
    EDIT_TOPIC(OPERATOR, TOPIC),
    ADD_PARTITIONS(OPERATOR, TOPIC),
    REASSIGN(OPERATOR, TOPIC),
    ELECT_LEADERS(OPERATOR, TOPIC),
    MOVE_LOG_FOLDERS(OPERATOR, TOPIC),
    DELETE_RECORDS(ADMIN, TOPIC),
    DELETE_TOPIC(ADMIN, TOPIC),
    ABORT_HANGING(ADMIN, TOPIC),

    VIEW_GROUP(VIEWER, GROUP),
    RESET_OFFSETS(OPERATOR, GROUP),
    REMOVE_MEMBERS(OPERATOR, GROUP),
    DELETE_GROUP(ADMIN, GROUP),

    EDIT_CLUSTERS(ADMIN, CONSOLE),
    VIEW_PEOPLE(ADMIN, CONSOLE),
    EDIT_PEOPLE(ADMIN, CONSOLE),
    VIEW_AUDIT(ADMIN, CONSOLE),

    LOG_IN(VIEWER, ONESELF),
    LOG_OUT(VIEWER, ONESELF),
    EDIT_ONESELF(VIEWER, ONESELF);

    private final Role least;
    private final ResourceType type;

    Action(Role least, ResourceType type) {
        this.least = least;
        this.type = type;
    }

    public Role least() {
        return least;
    }

    public ResourceType type() {
        return type;
    }

    /** Whether it leaves everything as it was: allowed on a read-only cluster. */
    public boolean reads() {
        return name().startsWith("VIEW_") || name().startsWith("READ_");
    }

    /** As the trail and the message bundles name it, such as {@code delete-topic}. */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
