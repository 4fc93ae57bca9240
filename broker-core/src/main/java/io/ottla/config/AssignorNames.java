package io.ottla.config;

import java.util.List;
import java.util.Map;

/** The assignors of the coordinator, by the names and by Kafka's names of classes that settings may use. */
final class AssignorNames {
    private static final String PACKAGE = "org.apache.kafka.coordinator.group.assignor.";

    private static final Map<String, String> KNOWN = Map.of(
            "uniform",
            "uniform",
            "range",
            "range",
            PACKAGE + "UniformAssignor",
            "uniform",
            PACKAGE + "RangeAssignor",
            "range");

    private AssignorNames() {}

    /** Whether there is such an assignor. */
    static boolean isKnown(String name) {
        return KNOWN.containsKey(name);
    }

    /** @param settings all known */
    static List<String> of(List<String> settings) {
        return settings.stream().map(KNOWN::get).distinct().toList();
    }
}
