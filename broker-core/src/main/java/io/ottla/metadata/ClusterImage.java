package io.ottla.metadata;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;
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

    /** What is set on a resource; {@link ConfigImage#EMPTY} where nothing is. */
    public ConfigImage config(ConfigResourceName resource) {
        return configs.getOrDefault(resource, ConfigImage.EMPTY);
    }

    /** The picture after one change, still at the same place in history. */
    public ClusterImage with(MetadataChange change) {
        return switch (change) {
            case MetadataChange.BrokerSet(BrokerImage broker) -> withBrokers(brokers.plus(broker.id(), broker));
            case MetadataChange.BrokerGone(BrokerId id) -> withBrokers(brokers.minus(id));
            case MetadataChange.ControllerSet(BrokerId id) ->
                new ClusterImage(version, clusterId, id, brokers, topics, topicNames, configs, features, access);
            case MetadataChange.TopicSet(TopicImage topic) -> withTopic(topic);
            case MetadataChange.TopicGone(TopicImage topic) -> withoutTopic(topic);
            case MetadataChange.PartitionSet(String name, int partition, PartitionImage state) ->
                withPartition(name, partition, state);
            case MetadataChange.ConfigSet(ConfigResourceName resource, ConfigImage config) ->
                withConfigs(config.values().isEmpty() ? configs.minus(resource) : configs.plus(resource, config));
            case MetadataChange.FeaturesSet(FeaturesImage image) ->
                new ClusterImage(version, clusterId, controller, brokers, topics, topicNames, configs, image, access);
            case MetadataChange.AccessSet(AccessImage image) ->
                new ClusterImage(version, clusterId, controller, brokers, topics, topicNames, configs, features, image);
        };
    }

    /** The picture after these changes, in order, at another place in history. */
    public ClusterImage with(ImageVersion next, List<MetadataChange> changes) {
        ClusterImage image = at(next);
        for (MetadataChange change : changes) {
            image = image.with(change);
        }
        return image;
    }

    /** The same picture at another place in history. */
    public ClusterImage at(ImageVersion place) {
        return new ClusterImage(place, clusterId, controller, brokers, topics, topicNames, configs, features, access);
    }

    /** The same picture of a cluster of that id. */
    public ClusterImage of(String cluster) {
        return new ClusterImage(version, cluster, controller, brokers, topics, topicNames, configs, features, access);
    }

    private ClusterImage withTopic(TopicImage topic) {
        TopicImage before = topics.get(topic.name());
        HashPMap<TopicId, String> names = topicNames;
        if (before != null && !before.id().equals(topic.id())) {
            names = names.minus(before.id());
        }
        if (!topic.id().isZero()) {
            names = names.plus(topic.id(), topic.name());
        }
        return withTopics(topics.plus(topic.name(), topic), names);
    }

    private ClusterImage withoutTopic(TopicImage topic) {
        TopicImage present = topics.get(topic.name());
        if (present == null || !present.id().equals(topic.id())) {
            throw new IllegalArgumentException(
                    "Expected topic " + topic.name() + " with id " + topic.id() + " to go, but there is " + present);
        }
        return withTopics(topics.minus(topic.name()), topicNames.minus(topic.id()));
    }

    private ClusterImage withPartition(String name, int partition, PartitionImage state) {
        TopicImage topic = topics.get(name);
        if (topic == null || topic.partition(partition) == null) {
            throw new IllegalArgumentException(
                    "Expected partition " + partition + " of " + name + " to change, but there is no such partition");
        }
        return withTopics(topics.plus(name, topic.with(partition, state)), topicNames);
    }

    private ClusterImage withBrokers(TreePMap<BrokerId, BrokerImage> next) {
        return new ClusterImage(version, clusterId, controller, next, topics, topicNames, configs, features, access);
    }

    private ClusterImage withTopics(HashPMap<String, TopicImage> next, HashPMap<TopicId, String> names) {
        return new ClusterImage(version, clusterId, controller, brokers, next, names, configs, features, access);
    }

    private ClusterImage withConfigs(HashPMap<ConfigResourceName, ConfigImage> next) {
        return new ClusterImage(version, clusterId, controller, brokers, topics, topicNames, next, features, access);
    }
}
