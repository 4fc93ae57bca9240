package io.ottla.zookeeper;

import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePVector;
import tools.jackson.databind.JsonNode;

/**
 * The data of {@code /brokers/topics/<topic>}: written as version 3, read from version 1 on.
 *
 * <pre>
 *   version             3
 *   topic_id            22 characters                          since 3
 *   partitions          {"0":[1,2]}: replicas of each partition
 *   adding_replicas     {"0":[2]}, of running reassignments    since 2
 *   removing_replicas   {"0":[1]}                              since 2
 * </pre>
 *
 * Source: Kafka 3.9's layout in ZooKeeper; KIP-455 and KIP-516.
 */
final class TopicNode {
    static final String PARENT = "/brokers/topics";

    private static final int VERSION = 3;
    private static final String PARTITIONS = "partitions";
    private static final String ADDING = "adding_replicas";
    private static final String REMOVING = "removing_replicas";
    private static final String ID = "topic_id";

    private TopicNode() {}

    static String path(String topic) {
        return PARENT + "/" + topic;
    }

    static byte[] encode(TopicImage topic) {
        Map<String, Object> partitions = new LinkedHashMap<>();
        Map<String, Object> adding = new LinkedHashMap<>();
        Map<String, Object> removing = new LinkedHashMap<>();
        int number = 0;
        for (PartitionImage partition : topic.partitions()) {
            String key = Integer.toString(number++);
            partitions.put(key, ids(partition.replicas()));
            if (!partition.adding().isEmpty()) {
                adding.put(key, ids(partition.adding()));
            }
            if (!partition.removing().isEmpty()) {
                removing.put(key, ids(partition.removing()));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", VERSION);
        json.put(ID, topic.id().toString());
        json.put(PARTITIONS, partitions);
        json.put(ADDING, adding);
        json.put(REMOVING, removing);
        return Json.write(json);
    }

    /** A topic of partitions that have no state; null where the data is no assignment that can be understood. */
    static TopicImage decode(String name, byte[] data) {
        JsonNode json = Json.read(data);
        JsonNode partitions = json.path(PARTITIONS);
        if (json.path("version").asInt(0) < 1 || !partitions.isObject() || partitions.isEmpty()) {
            return null;
        }
        TopicId id = id(json.path(ID));
        if (id == null) {
            return null;
        }
        List<PartitionImage> images = new ArrayList<>(partitions.size());
        for (int number = 0; number < partitions.size(); number++) {
            String key = Integer.toString(number);
            List<BrokerId> replicas = ids(partitions.path(key));
            List<BrokerId> adding = ids(json.path(ADDING).path(key));
            List<BrokerId> removing = ids(json.path(REMOVING).path(key));
            if (replicas == null || replicas.isEmpty() || adding == null || removing == null) {
                return null;
            }
            images.add(PartitionImage.unborn(replicas, adding, removing));
        }
        return new TopicImage(name, id, TreePVector.from(images), false);
    }

    static List<Integer> ids(List<BrokerId> brokers) {
        List<Integer> ids = new ArrayList<>(brokers.size());
        brokers.forEach(broker -> ids.add(broker.value()));
        return ids;
    }

    /** Empty where there is nothing; null where it is no list of different broker ids. */
    static List<BrokerId> ids(JsonNode array) {
        if (array.isMissingNode() || array.isNull()) {
            return List.of();
        }
        if (!array.isArray()) {
            return null;
        }
        List<BrokerId> ids = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            if (!element.isInt() || element.asInt() < 0) {
                return null;
            }
            ids.add(new BrokerId(element.asInt()));
        }
        return new HashSet<>(ids).size() == ids.size() ? List.copyOf(ids) : null;
    }

    private static TopicId id(JsonNode text) {
        if (text.isMissingNode() || text.isNull()) {
            return TopicId.ZERO;
        }
        try {
            return TopicId.parse(text.asString(""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
