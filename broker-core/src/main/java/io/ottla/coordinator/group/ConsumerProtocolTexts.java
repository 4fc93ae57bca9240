package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;
import io.ottla.coordinator.group.assign.PartitionSet;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.TopicId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * What consumers say to each other by the classic protocol, which the coordinator reads where such members are in a
 * consumer group: the version (int16), and the message in that version. Pure; what can't be read is null.
 */
final class ConsumerProtocolTexts {
    private ConsumerProtocolTexts() {}

    /**
     * What a member wants to read.
     *
     * @param rack null where it does not say
     * @param owned what it reads, by topics' names
     */
    record Subscription(List<String> topics, String rack, Map<String, PartitionSet> owned) {
        /** Of topics that exist. */
        Assignment owned(ClusterImage image) {
            return byId(owned, image);
        }
    }

    private static short version(ByteBuffer text, short newest) {
        return (short) Math.min(newest, Math.max(0, text.getShort()));
    }

    /** Null where it can't be read. */
    static Subscription subscription(ByteBuffer text) {
        ByteBuffer rest = text.duplicate();
        try {
            short version = version(rest, ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION);
            ConsumerProtocolSubscription read = new ConsumerProtocolSubscription(new ByteBufferAccessor(rest), version);
            Map<String, PartitionSet> owned = new HashMap<>();
            for (ConsumerProtocolSubscription.TopicPartition topic : read.ownedPartitions()) {
                owned.merge(topic.topic(), PartitionSet.of(topic.partitions()), PartitionSet::union);
            }
            return new Subscription(read.topics(), read.rackId(), owned);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Of topics that exist; nothing where there is no text; null where it can't be read. */
    static Assignment assignment(ByteBuffer text, ClusterImage image) {
        ByteBuffer rest = text.duplicate();
        if (!rest.hasRemaining()) {
            return Assignment.NONE;
        }
        try {
            short version = version(rest, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
            ConsumerProtocolAssignment read = new ConsumerProtocolAssignment(new ByteBufferAccessor(rest), version);
            Map<String, PartitionSet> assigned = new HashMap<>();
            for (ConsumerProtocolAssignment.TopicPartition topic : read.assignedPartitions()) {
                assigned.merge(topic.topic(), PartitionSet.of(topic.partitions()), PartitionSet::union);
            }
            return byId(assigned, image);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static Assignment byId(Map<String, PartitionSet> byName, ClusterImage image) {
        Map<TopicId, PartitionSet> topics = new HashMap<>();
        byName.forEach((name, partitions) -> {
            TopicImage topic = image.topic(name);
            if (topic != null && !topic.id().isZero()) {
                topics.put(topic.id(), partitions);
            }
        });
        return new Assignment(topics);
    }

    /**
     * An assignment as a member of the classic protocol reads it.
     *
     * @param subscription what it said: it is answered in that version
     */
    static ByteBuffer assignment(Assignment assignment, ByteBuffer subscription, ClusterImage image) {
        ConsumerProtocolAssignment said = new ConsumerProtocolAssignment();
        assignment.topics().forEach((id, partitions) -> {
            TopicImage topic = image.topic(id);
            if (topic != null) {
                said.assignedPartitions()
                        .add(new ConsumerProtocolAssignment.TopicPartition()
                                .setTopic(topic.name())
                                .setPartitions(partitions.asList()));
            }
        });
        short version = subscription.remaining() < Short.BYTES
                ? 0
                : version(subscription.duplicate(), ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION);
        return MessageUtil.toVersionPrefixedByteBuffer(version, said);
    }
}
