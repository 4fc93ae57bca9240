package io.ottla.config;

import java.util.Map;

/**
 * How a coordinator's topic is made when it is first needed. It is compacted.
 *
 * @param name of the topic
 * @param partitions 1 or more
 * @param replicationFactor 1 or more; fewer where there are fewer brokers
 * @param segmentBytes size of its segments
 * @param configs what else is set on it; its {@code min.insync.replicas} only as far as it has replicas
 */
public record InternalTopicProperties(
        String name, int partitions, short replicationFactor, int segmentBytes, Map<String, String> configs) {
    public InternalTopicProperties {
        configs = Map.copyOf(configs);
    }
}
