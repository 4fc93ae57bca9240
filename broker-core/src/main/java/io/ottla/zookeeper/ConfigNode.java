package io.ottla.zookeeper;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import tools.jackson.databind.JsonNode;

/**
 * Configuration of a resource, and the notes that say that one has changed.
 *
 * <pre>
 *   /config/{topics,brokers}/&lt;name&gt;          {"version":1,"config":{"retention.ms":"1000"}}
 *   /config/changes/config_change_&lt;number&gt;  {"version":2,"entity_path":"topics/x"}, or as old tools write it
 *                                           {"version":1,"entity_type":"topics","entity_name":"x"}
 * </pre>
 *
 * The name of the defaults of all brokers is {@code <default>}.
 */
final class ConfigNode {
    static final String TOPICS = "/config/topics";
    static final String BROKERS = "/config/brokers";
    static final String NOTES = "/config/changes";
    static final String NOTE_PREFIX = NOTES + "/config_change_";

    private static final String DEFAULT = "<default>";

    private ConfigNode() {}

    static String path(ConfigResourceName resource) {
        return "/config/" + entity(resource);
    }

    static byte[] encode(ConfigImage config) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", 1);
        json.put("config", new TreeMap<>(config.values()));
        return Json.write(json);
    }

    /** Empty where nothing is set; null where the data can't be understood. */
    static ConfigImage decode(byte[] data) {
        JsonNode json = Json.read(data);
        JsonNode config = json.path("config");
        if (json.path("version").asInt(0) < 1 || !config.isObject()) {
            return null;
        }
        Map<String, String> values = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : config.properties()) {
            if (entry.getValue().isNull()) {
                continue;
            }
            values.put(entry.getKey(), entry.getValue().asString(""));
        }
        return values.isEmpty() ? ConfigImage.EMPTY : new ConfigImage(Map.copyOf(values));
    }

    static byte[] encodeNote(ConfigResourceName resource) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", 2);
        json.put("entity_path", entity(resource));
        return Json.write(json);
    }

    /** What a note is about; null where that is neither a topic nor a broker, or can't be understood. */
    static ConfigResourceName decodeNote(byte[] data) {
        JsonNode json = Json.read(data);
        if (json.path("version").asInt(0) == 1) {
            return resource(
                    json.path("entity_type").asString(""),
                    json.path("entity_name").asString(""));
        }
        String path = json.path("entity_path").asString("");
        int slash = path.indexOf('/');
        return slash < 0 ? null : resource(path.substring(0, slash), path.substring(slash + 1));
    }

    /** Null for what no image holds. */
    static ConfigResourceName resource(String type, String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            return null;
        }
        return switch (type) {
            case "topics" -> ConfigResourceName.topic(name);
            case "brokers" -> new ConfigResourceName(ConfigResource.Type.BROKER, name.equals(DEFAULT) ? "" : name);
            default -> null;
        };
    }

    private static String entity(ConfigResourceName resource) {
        return switch (resource.type()) {
            case TOPIC -> "topics/" + resource.name();
            case BROKER -> "brokers/" + (resource.name().isEmpty() ? DEFAULT : resource.name());
            default ->
                throw new IllegalArgumentException(
                        "Expected a topic or a broker to be configured, but it is " + resource);
        };
    }
}
