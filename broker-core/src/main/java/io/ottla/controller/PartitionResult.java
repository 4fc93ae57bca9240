package io.ottla.controller;

import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;

/**
 * What became of something that was asked for a partition.
 *
 * @param failure null where it was done
 */
public record PartitionResult(TopicPartition partition, Failure failure) {}
