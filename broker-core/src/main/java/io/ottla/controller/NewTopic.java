package io.ottla.controller;

import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;

/**
 * A topic that somebody wants.
 *
 * @param partitions -1 for the broker's default, and where there are {@code assignments}
 * @param replicationFactor -1 for the broker's default, and where there are {@code assignments}
 * @param assignments as given, in any order; empty to let the controller place the replicas
 * @param configs as given; a value may be null, which is then refused
 */
public record NewTopic(
        String name,
        int partitions,
        short replicationFactor,
        List<Assignment> assignments,
        Map<String, String> configs) {

    /** Which brokers shall hold a partition, the preferred leader first. */
    public record Assignment(int partition, List<BrokerId> replicas) {}

    /** With the broker's defaults for all that is not said. */
    public static NewTopic named(String name) {
        return new NewTopic(name, -1, (short) -1, List.of(), Map.of());
    }
}
