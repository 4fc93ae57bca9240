package io.ottla.simulation;

import java.util.HashMap;
import java.util.Map;

/** Who has led which partition in which epoch: one broker, or nobody. */
final class Leaders {
    private final Map<String, String> brokers = new HashMap<>();

    void leads(PartitionHistory partition, int epoch, String broker) {
        String before = brokers.putIfAbsent(partition + "@" + epoch, broker);
        if (before != null && !before.equals(broker)) {
            throw new Violation(broker + " leads " + partition + " in epoch " + epoch + ", as " + before + " did");
        }
    }

    /** How often somebody began to lead. */
    int count() {
        return brokers.size();
    }
}
