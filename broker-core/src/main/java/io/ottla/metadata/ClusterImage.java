package io.ottla.metadata;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * One immutable picture of the cluster: who is there, what topics there are, who leads what, and all configuration that
 * is kept outside of the brokers' own files. Every part of a broker decides by the image it was last given. The maps
 * are persistent: a step to the next image shares what has not changed.
 *
 * @param version its place in history
 * @param clusterId 22 characters
 * @param controller {@link BrokerId#NONE} where none is known
 * @param brokers live brokers by id
 * @param topics by name
 * @param topicNames names by id, of topics that have one
 * @param configs by resource, as set, without defaults
 * @param features finalised features
 * @param access access lists, SCRAM credentials, quotas, delegation tokens
 */
public record ClusterImage(
        ImageVersion version,
        String clusterId,
        BrokerId controller,
        TreePMap<BrokerId, BrokerImage> brokers,
        HashPMap<String, TopicImage> topics,
        HashPMap<TopicId, String> topicNames,
        HashPMap<ConfigResourceName, ConfigImage> configs,
        FeaturesImage features,
        AccessImage access) {

    /** Before anything is known. */
    public static final ClusterImage EMPTY = new ClusterImage(
            ImageVersion.NONE,
            "",
            BrokerId.NONE,
            TreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            FeaturesImage.NONE,
            AccessImage.EMPTY);

    /** Null where there is no such topic. */
    public TopicImage topic(String name) {
        return topics.get(name);
    }

    /** Null where there is no such topic. */
    public TopicImage topic(TopicId id) {
        String name = topicNames.get(id);
        return name == null ? null : topics.get(name);
    }

    /** Null where there is no such partition. */
    public PartitionImage partition(TopicPartition partition) {
        TopicImage topic = topics.get(partition.topic());
        return topic == null ? null : topic.partition(partition.partition());
    }
}
