package io.ottla.metadata;

import io.ottla.types.BrokerId;

/** One step from an image to the next. */
public sealed interface MetadataChange {
    /** A broker came, or came back with another epoch or other endpoints. */
    record BrokerSet(BrokerImage broker) implements MetadataChange {}

    record BrokerGone(BrokerId id) implements MetadataChange {}

    record ControllerSet(BrokerId id) implements MetadataChange {}

    /** A topic is new, has more partitions, another id, or is being deleted: the topic as it is now. */
    record TopicSet(TopicImage topic) implements MetadataChange {}

    /** A topic's node is gone. */
    record TopicGone(TopicImage topic) implements MetadataChange {}

    /** A partition has another leader, in-sync set or assignment. */
    record PartitionSet(String topic, int partition, PartitionImage state) implements MetadataChange {}

    /** Configuration of a resource, whole; empty where all of it was removed. */
    record ConfigSet(ConfigResourceName resource, ConfigImage config) implements MetadataChange {}

    record FeaturesSet(FeaturesImage features) implements MetadataChange {}

    record AccessSet(AccessImage access) implements MetadataChange {}
}
