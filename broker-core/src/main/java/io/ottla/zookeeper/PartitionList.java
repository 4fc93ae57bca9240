package io.ottla.zookeeper;

import io.ottla.types.Shown;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The JSON that tools write to ask something of partitions: {@code {"version":1,"partitions":[{…}]}}. */
final class PartitionList {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionList.class);
    private static final int VERSION = 1;
    private static final String PARTITIONS = "partitions";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    private PartitionList() {}

    /** Whether this is such a list. */
    private static boolean isOne(byte[] data) {
        JsonNode json = Json.read(data);
        return json.path("version").asInt(0) >= VERSION && json.path(PARTITIONS).isArray();
    }

    /**
     * Gathers what each entry asks for. One that can't be understood is left out, with a line in the log.
     *
     * @param take false where it can't be understood
     * @return whether anything was, or there is nothing
     */
    static boolean readEach(byte[] data, String path, Predicate<JsonNode> take) {
        boolean understood = false;
        List<JsonNode> others = new ArrayList<>();
        for (JsonNode one : Json.read(data).path(PARTITIONS)) {
            if (take.test(one)) {
                understood = true;
            } else {
                others.add(one);
            }
        }
        if (!understood) {
            return isOne(data) && others.isEmpty();
        }
        others.forEach(
                one -> LOG.warn("{} of {} can't be understood, and is left out", Shown.of(one.toString()), path));
        return isOne(data);
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
