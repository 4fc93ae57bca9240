package io.ottla.controller;

import io.ottla.types.Failure;
import java.util.Map;
import java.util.Optional;

/** Says what is wrong with configuration that somebody wants on a topic. Pure. */
@FunctionalInterface
public interface TopicConfigValidator {
    /** @param configs names and values, none of them null */
    Optional<Failure> fault(Map<String, String> configs);
}
