package io.ottla.console.clusters;

import java.util.concurrent.atomic.AtomicReference;

/** A cluster that the console manages: what was said of it, and the connection. Thread-safe. */
public final class ManagedCluster {
    private final ClusterDefinition definition;
    private final Cluster cluster;
    private final AtomicReference<String> id = new AtomicReference<>("");

    public ManagedCluster(ClusterDefinition definition, Cluster cluster) {
        this.definition = definition;
        this.cluster = cluster;
    }

    public ClusterDefinition definition() {
        return definition;
    }

    public String key() {
        return definition.key();
    }

    public String name() {
        return definition.name();
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Whether its id is known, so that {@link #id} asks nobody. */
    boolean hasId() {
        return !id.get().isEmpty();
    }

    /**
     * The id that the cluster gives itself, asked once.
     *
     * @throws ClusterFailure as long as it does not answer
     */
    public String id() {
        String known = id.get();
        if (known.isEmpty()) {
            known = cluster.describe().id();
            id.set(known);
        }
        return known;
    }
}
