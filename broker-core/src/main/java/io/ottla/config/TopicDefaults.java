package io.ottla.config;

/**
 * What holds for topics that do not say otherwise, and what may be done to them.
 *
 * @param numPartitions {@code num.partitions}: 1 or more
 * @param defaultReplicationFactor {@code default.replication.factor}: 1 or more
 * @param autoCreateTopicsEnable {@code auto.create.topics.enable}: whether a topic that somebody asks for is made
 * @param deleteTopicEnable {@code delete.topic.enable}: whether topics can be deleted
 */
public record TopicDefaults(
        int numPartitions, short defaultReplicationFactor, boolean autoCreateTopicsEnable, boolean deleteTopicEnable) {
    public static final TopicDefaults DEFAULTS = new TopicDefaults(1, (short) 1, true, true);
}
