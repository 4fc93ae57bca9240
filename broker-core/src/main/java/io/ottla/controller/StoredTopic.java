package io.ottla.controller;

import io.ottla.metadata.TopicImage;

/**
 * A topic as the store has it.
 *
 * @param topic a partition without a state is {@link io.ottla.metadata.PartitionImage#unborn unborn} in it
 * @param nodeVersion the version of the topic's node
 */
public record StoredTopic(TopicImage topic, int nodeVersion) {}
