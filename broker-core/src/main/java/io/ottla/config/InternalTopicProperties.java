package io.ottla.config;

/**
 * How a coordinator's topic is made when it is first needed. It is compacted.
 *
 * @param name of the topic
 * @param partitions 1 or more
 * @param replicationFactor 1 or more; fewer where there are fewer brokers
 * @param segmentBytes size of its segments
 */
public record InternalTopicProperties(String name, int partitions, short replicationFactor, int segmentBytes) {}
