package io.ottla.console.clusters;

import java.util.Map;

/**
 * Where a cluster is reached, and as whom.
 *
 * @param bootstrap {@code host:port,…}
 * @param settings of Kafka's clients that prove who the console is, such as {@code security.protocol}; empty where it need
 *     not. They may be secrets.
 */
public record Reach(String bootstrap, Map<String, String> settings) {
    public Reach {
        settings = Map.copyOf(settings);
    }

    /** Where nobody is asked who he is. */
    public static Reach open(String bootstrap) {
        return new Reach(bootstrap, Map.of());
    }

    @Override
    public String toString() {
        return "Reach[" + bootstrap + "]";
    }
}
