package io.ottla.controller;

import io.ottla.config.ConfigOperation;
import io.ottla.metadata.ConfigResourceName;
import java.util.List;

/**
 * Configuration that somebody wants changed on one resource.
 *
 * @param operations in order, each setting once; values are there but where a setting is deleted
 * @param replacing whether what is set so far goes, so that the operations say all there is
 */
public record AlteredConfig(ConfigResourceName resource, List<ConfigOperation> operations, boolean replacing) {}
