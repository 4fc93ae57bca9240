package io.ottla.metadata;

import java.util.Map;

/**
 * Finalised features (KIP-584).
 *
 * @param levels the level in force of each finalised feature
 * @param epoch rises with each change; the version of {@code /feature}; -1 where there is none
 */
public record FeaturesImage(Map<String, Short> levels, long epoch) {
    public static final FeaturesImage NONE = new FeaturesImage(Map.of(), -1);
}
