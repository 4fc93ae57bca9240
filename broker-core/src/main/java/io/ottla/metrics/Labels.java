package io.ottla.metrics;

import java.util.List;

/**
 * Names and values that tell series of one metric apart, in a fixed order: {@code topic, t, partition, 0}.
 *
 * @param pairs name, value, name, value, …
 */
public record Labels(List<String> pairs) {
    public static final Labels NONE = new Labels(List.of());

    public Labels {
        if (pairs.size() % 2 != 0) {
            throw new IllegalArgumentException("Expected names and values in pairs, but got " + pairs);
        }
        pairs = List.copyOf(pairs);
    }

    public static Labels of(String... pairs) {
        return new Labels(List.of(pairs));
    }
}
