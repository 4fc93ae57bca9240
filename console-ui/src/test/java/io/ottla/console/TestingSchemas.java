package io.ottla.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** An OpenAPI document, and whether JSON is as its schemas say: as much of JSON Schema as our document uses. */
final class TestingSchemas {
    private static final String REFERENCE = "$ref";

    final Map<String, Object> document;

    TestingSchemas(String yaml) {
        document = new Yaml().load(yaml);
    }

    @SuppressWarnings("unchecked") // A document's maps have names as keys.
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    /** What the node is, or refers to. */
    Map<String, Object> resolve(Object node) {
        Map<String, Object> here = map(node);
        while (here.get(REFERENCE) instanceof String reference) {
            Object found = document;
            for (String step : reference.substring(2).split("/")) {
                found = map(found).get(step);
            }
            here = map(found);
        }
        return here;
    }

    /** The schema of a response's body; null where it has none. */
    Object schema(Map<String, Object> operation, String status) {
        Map<String, Object> response = resolve(map(operation.get("responses")).get(status));
        return response.containsKey("content")
                ? map(map(response.get("content")).get("application/json")).get("schema")
                : null;
    }

    /** What is not as the schema says, each with its place. */
    List<String> faults(Object schema, JsonNode json) {
        List<String> faults = new ArrayList<>();
        check(schema, json, "", faults);
        return faults;
    }

    private void check(Object node, JsonNode json, String at, List<String> faults) {
        Map<String, Object> schema = resolve(node);
        if (schema.get("anyOf") instanceof List<?> choices) {
            if (choices.stream().noneMatch(choice -> faults(choice, json).isEmpty())) {
                faults.add(at + " is none of its choices");
            }
            return;
        }
        if (schema.containsKey("const") && !schema.get("const").equals(json.asString())) {
            faults.add(at + " is not " + schema.get("const"));
        }
        if (schema.containsKey("type") && !isOneOf(schema.get("type"), json)) {
            faults.add(at + " is not " + schema.get("type"));
        }
        if (json.isObject()) {
            members(schema, json, at, faults);
        }
        if (json.isArray()) {
            for (JsonNode item : json) {
                check(schema.get("items"), item, at + "[]", faults);
            }
        }
    }

    private void members(Map<String, Object> schema, JsonNode json, String at, List<String> faults) {
        Map<String, Object> properties = map(schema.get("properties"));
        for (Object name : (List<?>) schema.get("required")) {
            if (!json.has((String) name)) {
                faults.add(at + " lacks " + name);
            }
        }
        for (String name : json.propertyNames()) {
            if (!properties.containsKey(name)) {
                faults.add(at + " has " + name + ", which is not documented");
            } else {
                check(properties.get(name), json.get(name), at + "/" + name, faults);
            }
        }
    }

    private static boolean isOneOf(Object types, JsonNode json) {
        return types instanceof List<?> several
                ? several.stream().anyMatch(type -> is((String) type, json))
                : is((String) types, json);
    }

    private static boolean is(String type, JsonNode json) {
        return switch (type) {
            case "object" -> json.isObject();
            case "array" -> json.isArray();
            case "string" -> json.isString();
            case "integer" -> json.isIntegralNumber();
            case "number" -> json.isNumber();
            case "boolean" -> json.isBoolean();
            case "null" -> json.isNull();
            default -> throw new IllegalArgumentException("Expected a type of JSON, but got " + type);
        };
    }
}
