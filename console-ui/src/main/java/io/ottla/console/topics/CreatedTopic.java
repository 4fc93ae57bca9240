package io.ottla.console.topics;

/**
 * What became of a {@link NewTopicDraft}.
 *
 * @param partitions -1 when the cluster does not tell
 * @param replicationFactor -1 when the cluster does not tell
 */
public record CreatedTopic(String name, int partitions, int replicationFactor) {}
