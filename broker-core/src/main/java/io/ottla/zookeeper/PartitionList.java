package io.ottla.zookeeper;

import io.ottla.types.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The JSON that tools write to ask something of partitions: {@code {"version":1,"partitions":[{…}]}}. */
final class PartitionList {
    private static final int VERSION = 1;
    private static final String PARTITIONS = "partitions";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    private PartitionList() {}

    /** Whether this is such a list. */
    static boolean isOne(byte[] data) {
        JsonNode json = Json.read(data);
        return json.path("version").asInt(0) >= VERSION && json.path(PARTITIONS).isArray();
    }

    /** What it says of each partition; nothing where it is no such list. */
    static Iterable<JsonNode> read(byte[] data) {
        return Json.read(data).path(PARTITIONS);
    }

    /** Null where it names none. */
    static TopicPartition partition(JsonNode one) {
        boolean named = one.path(TOPIC).isString() && one.path(PARTITION).isInt();
        return named && one.path(PARTITION).asInt() >= 0
                ? new TopicPartition(
                        one.path(TOPIC).asString(), one.path(PARTITION).asInt())
                : null;
    }

    static Map<String, Object> json(TopicPartition partition) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(TOPIC, partition.topic());
        json.put(PARTITION, partition.partition());
        return json;
    }

    static byte[] write(List<Map<String, Object>> partitions) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put(PARTITIONS, partitions);
        return Json.write(json);
    }
}
