package io.ottla.config;

import java.util.Map;
import java.util.Optional;

/**
 * How the controller works.
 *
 * @param uncleanLeaderElectionEnable {@code unclean.leader.election.enable}: what holds for topics that do not say
 *     otherwise; whether a replica outside of the in-sync set may lead when nobody else can
 * @param minInSyncReplicas {@code min.insync.replicas}: what holds for topics that do not say otherwise; 1 or more
 * @param configNoteRetentionMs how long notes of changed configuration stay in ZooKeeper, more than 0; Kafka's is a
 *     constant
 * @param maxPartitionsPerRequest how many partitions one request may create, more than 0; Kafka's is a constant
 * @param balancing how leadership returns to preferred replicas by itself; empty where it does not
 * @param supportedFeatures the highest level of each feature that this software can work at; those at 0 do not count
 */
public record ControllerProperties(
        boolean uncleanLeaderElectionEnable,
        int minInSyncReplicas,
        long configNoteRetentionMs,
        int maxPartitionsPerRequest,
        Optional<Balancing> balancing,
        Map<String, Short> supportedFeatures) {
    public static final ControllerProperties DEFAULTS =
            new ControllerProperties(false, 1, 15 * 60_000L, 10_000, Optional.of(new Balancing(300_000, 10)), Map.of());

    /**
     * How leadership returns to preferred replicas ({@code auto.leader.rebalance.enable}).
     *
     * @param everyMs {@code leader.imbalance.check.interval.seconds}, in milliseconds, more than 0
     * @param toleratedPercent {@code leader.imbalance.per.broker.percentage}: how much of what a broker is preferred for
     *     may be led by others
     */
    public record Balancing(long everyMs, int toleratedPercent) {}
}
