package io.ottla.console.clusters;

import java.nio.file.Path;

/** What the process tells the console about the broker that it runs. The process implements it; without one, settings must. */
public interface BesideBroker {
    /**
     * Where the broker listens for the console, as {@code host:port,…}. Asked when the console first speaks to it.
     *
     * @throws ClusterFailure while it does not listen yet
     */
    String bootstrap();

    /** The folder for what the console keeps: beside the broker's logs. */
    Path dataFolder();
}
