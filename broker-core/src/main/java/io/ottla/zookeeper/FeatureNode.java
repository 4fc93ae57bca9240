package io.ottla.zookeeper;

import io.ottla.metadata.FeaturesImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /feature}: finalised features (KIP-584). Written as version 2, read from version 1 on, which also
 * names a lowest level.
 *
 * <pre>
 *   version    2
 *   status     1; 0 where the cluster has switched features off: none is in force
 *   features   {"name":{"max_version_level":1}}
 * </pre>
 */
final class FeatureNode {
    static final String PATH = "/feature";

    private static final int VERSION = 2;
    private static final int ENABLED = 1;

    private FeatureNode() {}

    static byte[] encode(Map<String, Short> levels) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put("status", ENABLED);
        Map<String, Object> features = new TreeMap<>();
        levels.forEach((name, level) -> features.put(name, Map.of("max_version_level", level)));
        json.put("features", features);
        return Json.write(json);
    }

    /**
     * Null where the data can't be understood.
     *
     * @param version the node's
     */
    static FeaturesImage decode(byte[] data, int version) {
        JsonNode json = Json.read(data);
        if (json.path("version").asInt(0) < 1) {
            return null;
        }
        Map<String, Short> levels = new TreeMap<>();
        if (json.path("status").asInt(ENABLED) == ENABLED) {
            for (Map.Entry<String, JsonNode> feature : json.path("features").properties()) {
                levels.put(feature.getKey(), (short)
                        feature.getValue().path("max_version_level").asInt(0));
            }
        }
        return new FeaturesImage(Map.copyOf(levels), version);
    }
}
