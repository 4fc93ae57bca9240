package io.ottla.config;

import java.util.Map;

/**
 * How the controller works.
 *
 * @param uncleanLeaderElectionEnable {@code unclean.leader.election.enable}: what holds for topics that do not say
 *     otherwise; whether a replica outside of the in-sync set may lead when nobody else can
 * @param minInSyncReplicas {@code min.insync.replicas}: what holds for topics that do not say otherwise; 1 or more
 * @param configNoteRetentionMs how long notes of changed configuration stay in ZooKeeper, more than 0; Kafka's is a
 *     constant
 * @param maxPartitionsPerRequest how many partitions one request may create, more than 0; Kafka's is a constant
 * @param supportedFeatures the highest level of each feature that this software can work at; those at 0 do not count
 */
public record ControllerProperties(
        boolean uncleanLeaderElectionEnable,
        int minInSyncReplicas,
        long configNoteRetentionMs,
        int maxPartitionsPerRequest,
        Map<String, Short> supportedFeatures) {
    public static final ControllerProperties DEFAULTS =
            new ControllerProperties(false, 1, 15 * 60_000L, 10_000, Map.of());
}
