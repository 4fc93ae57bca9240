package io.ottla.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** JSON as nodes hold it. Reading is bounded and never throws: what is in a node may be anybody's. */
final class Json {
    private static final int MAX_DEPTH = 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .build();

    private Json() {}

    /** The object in that data; a missing node where there is none. */
    static JsonNode read(byte[] data) {
        JsonNode node = any(data);
        return node.isObject() ? node : MissingNode.getInstance();
    }

    /** The text that is all of that data, in quotes; empty where it is something else. */
    static String readText(byte[] data) {
        JsonNode node = any(data);
        return node.isString() ? node.asString() : "";
    }

    private static JsonNode any(byte[] data) {
        if (data == null || data.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(data);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /** @param object maps, lists, strings, numbers and nulls; in the map's order */
    static byte[] write(Map<String, ?> object) {
        return MAPPER.writeValueAsString(object).getBytes(StandardCharsets.UTF_8);
    }
}
