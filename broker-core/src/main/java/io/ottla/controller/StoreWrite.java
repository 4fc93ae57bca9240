package io.ottla.controller;

import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.Map;

/** One write to the store. Conditions are part of it: it is done as it says, or not at all. */
public sealed interface StoreWrite {
    /** The topic's node with its assignment, its configuration, and room for its partitions. Must not exist yet. */
    record TopicCreate(TopicImage topic, ConfigImage config) implements StoreWrite {}

    /**
     * Another assignment or id in the topic's node.
     *
     * @param version the node must have it; it has one more afterwards
     */
    record TopicReplace(TopicImage topic, int version) implements StoreWrite {}

    /** The first state of a partition. Must not exist yet; its partition epoch is 0. */
    record PartitionCreate(TopicPartition partition, PartitionImage state) implements StoreWrite {}

    /** The next state of a partition; the state there must have the partition epoch before {@code state}'s. */
    record PartitionReplace(TopicPartition partition, PartitionImage state) implements StoreWrite {}

    /**
     * A note to a broker that one of its replicas has moved to another one; one that is there already is no error.
     *
     * @param name of the topic
     */
    record DeletionNote(BrokerId broker, DeletedLog replica, String name) implements StoreWrite {}

    /** Notes that a topic is to be deleted; one that is noted already is no error. */
    record DeletionMark(String topic) implements StoreWrite {}

    /** Takes back the note that a topic is to be deleted; it must be there. */
    record DeletionUnmark(String topic) implements StoreWrite {}

    /** The configuration of a resource, whole, and a note for all brokers that it has changed. */
    record ConfigReplace(ConfigResourceName resource, ConfigImage config) implements StoreWrite {}

    /** Takes away a note of changed configuration that everybody has seen. */
    record ConfigNoteDelete(String note) implements StoreWrite {}

    /** The finalised features; the node must have the epoch before {@code features}'s. */
    record FeaturesReplace(FeaturesImage features) implements StoreWrite {}

    /**
     * Of the moves that somebody asked for by the node, those that are left; without any the node goes, which tells him
     * that all is done. A node that is gone already stays so.
     *
     * @param version the node must have it; it has one more afterwards
     */
    record ReassignmentsReplace(Map<TopicPartition, List<BrokerId>> left, int version) implements StoreWrite {}

    /**
     * Takes away the node that asked for preferred replicas to lead, which tells who wrote it that it is done. One that
     * is gone already is no error.
     *
     * @param version the node must have it
     */
    record ElectionsDelete(int version) implements StoreWrite {}
}
