package io.ottla.console.clusters;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the process tells the console about the broker that it runs. The process implements it; without one, settings must. */
public interface BesideBroker {
    /**
     * What the process knows of its broker and Kafka's protocol does not tell.
     *
     * @param cluster id of the cluster that it is in
     * @param listeners where it listens, as {@code NAME://host:port}, with the ports that it really got
     * @param controller whether it is the controller as far as it knows
     */
    record Identity(String cluster, int broker, List<String> listeners, boolean controller) {}

    /**
     * Where the broker listens for the console, and as whom that comes. Asked whenever a client is made, since either may be
     * of this process alone.
     *
     * @throws ClusterFailure while it does not listen yet
     */
    Reach reach();

    /** Empty while the broker does not serve. */
    Optional<Identity> identity();

    /** The folder for what the console keeps: beside the broker's logs. */
    Path dataFolder();
}
