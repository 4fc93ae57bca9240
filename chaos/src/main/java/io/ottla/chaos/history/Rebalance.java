package io.ottla.chaos.history;

import java.util.List;

/** A consumer of a group was told that it has or no longer has partitions. */
public record Rebalance(Change change, List<LogName> logs) {
    /** As the callbacks of Kafka's consumer tell it. */
    public enum Change {
        ASSIGNED,
        REVOKED,
        LOST
    }

    public Rebalance {
        logs = List.copyOf(logs);
    }
}
