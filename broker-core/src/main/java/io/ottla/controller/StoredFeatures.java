package io.ottla.controller;

import io.ottla.metadata.FeaturesImage;
import java.util.Map;

/**
 * Finalised features as the store has them.
 *
 * @param levels null where nobody can read them: what was in force stays so
 * @param version the node's; -1 where there is none
 */
public record StoredFeatures(Map<String, Short> levels, long version) {
    public boolean isReadable() {
        return levels != null;
    }

    /** What is in force. Whoever sets a level writes all of it anew, and so mends what can't be read. */
    FeaturesImage inForce(FeaturesImage before) {
        return new FeaturesImage(isReadable() ? levels : before.levels(), version);
    }
}
