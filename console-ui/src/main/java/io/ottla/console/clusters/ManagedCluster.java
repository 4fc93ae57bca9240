package io.ottla.console.clusters;

import java.util.Optional;
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

    /** The id that it gave itself when somebody asked before. Asks nobody. */
    public Optional<String> knownId() {
        return Optional.of(id.get()).filter(known -> !known.isEmpty());
    }

    /** Who is in the cluster, see {@link Cluster#describe}. */
    public ClusterPicture describe() {
        ClusterPicture picture = cluster.describe();
        id.set(picture.id());
        return picture;
    }

    /**
     * The id that the cluster gives itself, asked once.
     *
     * @throws ClusterFailure as long as it does not answer
     */
    public String id() {
        return knownId().orElseGet(() -> describe().id());
    }
}
