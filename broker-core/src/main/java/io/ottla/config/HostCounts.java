package io.ottla.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code host:count,host:count}. */
final class HostCounts {
    private HostCounts() {}

    /** Throws {@code IllegalArgumentException} with a sentence where it can't be read. */
    static Map<String, Integer> read(String text) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        if (text.isBlank()) {
            return counts;
        }
        for (String entry : text.split(",", -1)) {
            int colon = entry.lastIndexOf(':');
            int count = colon < 1 ? -1 : count(entry.substring(colon + 1).strip());
            if (count < 0) {
                throw new IllegalArgumentException(
                        "Expected host:count with a count of 0 or more, but '" + entry.strip() + "'");
            }
            counts.put(bare(entry.substring(0, colon).strip()), count);
        }
        return counts;
    }

    private static int count(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
