package io.ottla.console.lag;

/**
 * How far a group is in one topic.
 *
 * @param partitions in which it has committed
 * @param committed sum of its offsets
 * @param lag sum over those partitions whose end is known
 */
public record TopicFigures(String topic, int partitions, long committed, long lag) {}
