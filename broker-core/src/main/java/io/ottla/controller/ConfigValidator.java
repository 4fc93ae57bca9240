package io.ottla.controller;

import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.Failure;
import java.util.Map;
import java.util.Set;

/** Says what is wrong with configuration that somebody wants on something. Pure. */
@FunctionalInterface
public interface ConfigValidator {
    /**
     * @param configs all that would be set there, no value null
     * @param asked names of those that are new
     * @return null where nothing is wrong
     */
    Failure fault(ConfigResourceName resource, Map<String, String> configs, Set<String> asked);
}
