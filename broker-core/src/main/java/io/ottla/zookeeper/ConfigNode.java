package io.ottla.zookeeper;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
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
 *                                           {"version":1,"entity_type":"topics","entity_name":"x"}, or as tools
 *                                           before Kafka 0.9 write it "x", a topic's name in quotes
 * </pre>
 *
 * The name of the defaults of all brokers is {@code <default>}. Groups' configuration, which Kafka never kept in
 * ZooKeeper, is {@code /config/groups/<id>} in the same format, the id encoded as in a URL, as users' names are; no note
 * is written of it, since nobody but the controller reads it.
 */
final class ConfigNode {
    static final String ROOT = "/config";
    /** Below the root: what has configuration. */
    static final List<String> TYPES = List.of("topics", "brokers", "groups");

    static final String NOTES = ROOT + "/changes";
    static final String NOTE_PREFIX = NOTES + "/config_change_";

    private static final String DEFAULT = "<default>";

    private ConfigNode() {}

    static String path(ConfigResourceName resource) {
        return ROOT + "/" + entity(resource);
    }

    /** Whether Kafka's brokers know configuration of such a resource: they must be told when it changes. */
    static boolean isKafkas(ConfigResourceName resource) {
        return resource.type() != ConfigResource.Type.GROUP;
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

    /** What a note is about; null where that is something else than a topic, a broker or a group, or can't be understood. */
    static ConfigResourceName decodeNote(byte[] data) {
        Entity entity = entity(data);
        return resource(entity.type, entity.name);
    }

    /** Whether a note says what has changed, of whatever kind that is. */
    static boolean isNote(byte[] data) {
        Entity entity = entity(data);
        return !entity.type.isEmpty()
                && !entity.name.isEmpty()
                && (!TYPES.contains(entity.type) || resource(entity.type, entity.name) != null);
    }

    /** Both are empty where the note does not say. */
    private record Entity(String type, String name) {}

    private static Entity entity(byte[] note) {
        String topic = Json.readText(note);
        if (!topic.isEmpty()) {
            return new Entity("topics", topic);
        }
        JsonNode json = Json.read(note);
        if (json.path("version").asInt(0) == 1) {
            return new Entity(
                    json.path("entity_type").asString(""),
                    json.path("entity_name").asString(""));
        }
        String path = json.path("entity_path").asString("");
        int slash = path.indexOf('/');
        return slash < 0 ? new Entity("", "") : new Entity(path.substring(0, slash), path.substring(slash + 1));
    }

    /** Null for what no image holds. */
    static ConfigResourceName resource(String type, String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            return null;
        }
        return switch (type) {
            case "topics" -> ConfigResourceName.topic(name);
            case "brokers" -> new ConfigResourceName(ConfigResource.Type.BROKER, name.equals(DEFAULT) ? "" : name);
            case "groups" -> ConfigResourceName.group(decodeName(name));
            default -> null;
        };
    }

    /** A dot alone would be no name of a node. */
    private static String encodeName(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
    }

    /** What somebody wrote by hand may be encoded badly, and is its own name then. */
    private static String decodeName(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static String entity(ConfigResourceName resource) {
        return switch (resource.type()) {
            case TOPIC -> "topics/" + resource.name();
            case BROKER -> "brokers/" + (resource.name().isEmpty() ? DEFAULT : resource.name());
            case GROUP -> "groups/" + encodeName(resource.name());
            default ->
                throw new IllegalArgumentException(
                        "Expected a topic, a broker or a group to be configured, but it is " + resource);
        };
    }
}
