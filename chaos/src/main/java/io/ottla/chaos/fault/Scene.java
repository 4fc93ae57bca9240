package io.ottla.chaos.fault;

import io.ottla.chaos.cluster.Cluster;
import io.ottla.chaos.history.LogName;
import java.util.List;
import java.util.Random;

/**
 * Where a fault strikes.
 *
 * @param logs which are written to and read meanwhile
 */
record Scene(Cluster cluster, List<LogName> logs, Random random) {
    /** One of those under test. */
    LogName anyLog() {
        return logs.get(random.nextInt(logs.size()));
    }
}
