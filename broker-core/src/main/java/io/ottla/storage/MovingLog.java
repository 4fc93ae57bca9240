package io.ottla.storage;

import io.ottla.types.TopicPartition;

/**
 * A log on its way to another log folder.
 *
 * @param bytes that are copied
 * @param lag offsets that are not
 */
public record MovingLog(TopicPartition partition, LogFolder target, long bytes, long lag) {}
