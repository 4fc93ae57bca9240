package io.ottla.controller;

import io.ottla.types.TopicId;

/**
 * A topic that somebody wants to be rid of.
 *
 * @param id which of all topics that ever had the name; {@link TopicId#ZERO} for the present one
 */
public record DoomedTopic(String name, TopicId id) {}
