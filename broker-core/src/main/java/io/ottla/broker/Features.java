package io.ottla.broker;

import io.ottla.metadata.BrokerImage.VersionRange;
import java.util.HashMap;
import java.util.Map;

/** The features that this release has, with their levels (KIP-584). */
final class Features {
    /**
     * The newest level of each: groups of the consumer protocol (KIP-848), and eligible leader replicas with the strict
     * least in-sync set that they need (KIP-966), from level 1 on; transactions in records of the newer form from level 1 on,
     * and with an epoch for each from level 2 on (KIP-890).
     */
    static final Map<String, Short> NEWEST = Map.of(
            "group.version", (short) 1, "eligible.leader.replicas.version", (short) 1, "transaction.version", (short)
                    2);

    private Features() {}

    /** All levels of each; 0 is the feature switched off. */
    static Map<String, VersionRange> supported() {
        Map<String, VersionRange> all = new HashMap<>();
        NEWEST.forEach((name, newest) -> all.put(name, new VersionRange((short) 0, newest)));
        return Map.copyOf(all);
    }
}
