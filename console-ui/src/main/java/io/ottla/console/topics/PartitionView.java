package io.ottla.console.topics;

import io.ottla.console.clusters.Extent;
import io.ottla.console.clusters.Partition;

/** A partition as the page shows it. */
public record PartitionView(Partition partition, Extent extent) {
    /** Whether the broker is the leader, for its mark among the replicas. */
    public boolean isLeader(int broker) {
        return broker == partition.leader();
    }

    public boolean isInSync(int broker) {
        return partition.inSync().contains(broker);
    }

    /** Whether the first of its replicas, which ought to, leads it. */
    public boolean ledByPreferred() {
        return !partition.replicas().isEmpty() && partition.replicas().getFirst() == partition.leader();
    }
}
