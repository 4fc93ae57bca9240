package io.ottla.console.clusters;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A cluster that the console is to manage, and how it is reached.
 *
 * @param key names it in addresses: small letters, digits and hyphens, at most 40
 * @param name for people
 * @param bootstrap {@code host:port,…}; empty where the ZooKeeper says, or the broker of this process is meant
 * @param zooKeeper {@code host:port,…/chroot} of a cluster that keeps its metadata there; empty where it has none
 * @param client settings of Kafka's clients, see {@link ClientSettings}
 * @param readOnly whether nothing in it may be changed from here
 * @param enabled whether it is spoken to at all
 */
public record ClusterDefinition(
        String key,
        String name,
        Origin origin,
        String bootstrap,
        String zooKeeper,
        Map<String, String> client,
        boolean readOnly,
        boolean enabled) {
    /** Where a definition comes from. */
    public enum Origin {
        /** The cluster of the broker in this process. */
        BESIDE,
        /** {@code console.clusters.*}: only the configuration changes it. */
        CONFIGURED,
        /** Somebody added it in the console. */
        ADDED
    }

    private static final Pattern KEY = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?");
    private static final int MAX_NAME = 100;

    /** @throws IllegalArgumentException with a sentence for the one who gave it */
    public ClusterDefinition {
        if (!isKey(key)) {
            throw new IllegalArgumentException(
                    "Expected a key of small letters, digits and hyphens, at most 40, but got '" + key + "'.");
        }
        name = name.strip();
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("Expected a name of 1 to " + MAX_NAME + " characters for " + key + ".");
        }
        bootstrap = bootstrap.strip();
        zooKeeper = zooKeeper.strip();
        if (origin != Origin.BESIDE && bootstrap.isEmpty() && zooKeeper.isEmpty()) {
            throw new IllegalArgumentException(
                    "Expected bootstrap servers or a ZooKeeper address for " + key + ", but got neither.");
        }
        client = ClientSettings.checked(client);
    }

    /** Whether it can be a key. */
    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
    }
}
