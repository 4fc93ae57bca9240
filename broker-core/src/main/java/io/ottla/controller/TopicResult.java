package io.ottla.controller;

import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import java.util.Map;

/** What became of a topic that somebody wanted. */
public sealed interface TopicResult {
    String name();

    /**
     * It is there, or would be where only that was asked.
     *
     * @param id {@link TopicId#ZERO} where it was only asked
     * @param configs as set on it
     */
    record Created(String name, TopicId id, int partitions, short replicationFactor, Map<String, String> configs)
            implements TopicResult {}

    record Refused(String name, Failure failure) implements TopicResult {}
}
