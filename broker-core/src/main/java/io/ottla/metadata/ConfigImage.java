package io.ottla.metadata;

import java.util.Map;

/** Configuration as it is set on one resource. */
public record ConfigImage(Map<String, String> values) {
    public static final ConfigImage EMPTY = new ConfigImage(Map.of());
}
