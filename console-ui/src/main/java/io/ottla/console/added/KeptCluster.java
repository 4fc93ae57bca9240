package io.ottla.console.added;

import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import java.util.Map;

/** A cluster as its entry holds it, which its key is the name of; with its secrets. */
record KeptCluster(
        String name,
        String bootstrap,
        String zooKeeper,
        Map<String, String> client,
        boolean readOnly,
        boolean enabled) {
    static KeptCluster of(ClusterDefinition definition) {
        return new KeptCluster(
                definition.name(),
                definition.bootstrap(),
                definition.zooKeeper(),
                definition.client(),
                definition.readOnly(),
                definition.enabled());
    }

    /** @throws IllegalArgumentException where it can't be one */
    ClusterDefinition definition(String key) {
        return new ClusterDefinition(
                key,
                name == null ? key : name,
                Origin.ADDED,
                bootstrap == null ? "" : bootstrap,
                zooKeeper == null ? "" : zooKeeper,
                client == null ? Map.of() : client,
                readOnly,
                enabled);
    }

    /** Without its secrets. */
    @Override
    public String toString() {
        return name + " at " + bootstrap + zooKeeper;
    }
}
