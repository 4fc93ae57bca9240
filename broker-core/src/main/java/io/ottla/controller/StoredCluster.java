package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import java.util.Map;
import java.util.Set;

/**
 * All that the store holds of a cluster, as a new controller reads it.
 *
 * @param topics by name
 * @param deletions names of topics to be deleted, also such as no longer exist
 * @param configs of topics and brokers, where any is set
 * @param reassignments moves that are asked for by a node
 * @param elections of preferred replicas, asked for by a node
 * @param unreadable topics of which a node can't be made sense of, with the reason: left as they are
 */
public record StoredCluster(
        String clusterId,
        Map<BrokerId, BrokerImage> brokers,
        Map<String, StoredTopic> topics,
        Set<String> deletions,
        Map<ConfigResourceName, ConfigImage> configs,
        StoredFeatures features,
        StoredReassignments reassignments,
        StoredElections elections,
        Map<String, String> unreadable) {}
