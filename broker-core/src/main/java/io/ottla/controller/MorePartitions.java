package io.ottla.controller;

import io.ottla.types.BrokerId;
import java.util.List;

/**
 * A topic that somebody wants to have more partitions.
 *
 * @param total how many it shall have
 * @param assignments replicas of each new partition; null to let the controller place them
 */
public record MorePartitions(String topic, int total, List<List<BrokerId>> assignments) {}
