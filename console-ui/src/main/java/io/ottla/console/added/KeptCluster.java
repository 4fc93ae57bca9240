package io.ottla.console.added;

import io.ottla.console.clusters.ClientSettings;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cluster as its entry holds it, which its key is the name of.
 *
 * @param client settings of Kafka's clients, with the secrets among them where there is no key to encrypt those by
 * @param sealed the secrets, encrypted, see {@link SealedSecrets}; null where there are none
 */
record KeptCluster(
        String name,
        String bootstrap,
        String zooKeeper,
        Map<String, String> client,
        String sealed,
        boolean readOnly,
        boolean enabled) {
    KeptCluster {
        client = client == null ? Map.of() : client;
    }

    static KeptCluster of(ClusterDefinition definition, SealedSecrets secrets) {
        Map<String, String> open = new TreeMap<>(definition.client());
        Map<String, String> secret = new TreeMap<>(definition.client());
        open.keySet().removeIf(ClientSettings::isSecret);
        secret.keySet().removeIf(name -> !ClientSettings.isSecret(name));
        boolean seals = secrets.canSeal() && !secret.isEmpty();
        return new KeptCluster(
                definition.name(),
                definition.bootstrap(),
                definition.zooKeeper(),
                seals ? open : definition.client(),
                seals ? secrets.seal(secret) : null,
                definition.readOnly(),
                definition.enabled());
    }

    /** Whether secrets lie in it for everybody who may read the store. */
    boolean hasOpenSecrets() {
        return client.keySet().stream().anyMatch(ClientSettings::isSecret);
    }

    /**
     * @param secrets what {@code sealed} holds
     * @throws IllegalArgumentException where it can't be one
     */
    ClusterDefinition definition(String key, Map<String, String> secrets) {
        Map<String, String> all = new TreeMap<>(client);
        all.putAll(secrets);
        return definition(key, all, enabled);
    }

    /** The same where its secrets can't be read: it is not spoken to. */
    ClusterDefinition locked(String key) {
        return definition(key, client, false);
    }

    private ClusterDefinition definition(String key, Map<String, String> settings, boolean spokenTo) {
        return new ClusterDefinition(
                key,
                name == null ? key : name,
                Origin.ADDED,
                bootstrap == null ? "" : bootstrap,
                zooKeeper == null ? "" : zooKeeper,
                settings,
                readOnly,
                spokenTo);
    }

    /** Without its secrets. */
    @Override
    public String toString() {
        return name + " at " + bootstrap + zooKeeper;
    }
}
