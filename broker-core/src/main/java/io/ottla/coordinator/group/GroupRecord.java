package io.ottla.coordinator.group;

/** A record of {@code __consumer_offsets}. */
public sealed interface GroupRecord
        permits GroupRecord.OffsetSet,
                GroupRecord.OffsetGone,
                GroupRecord.ClassicGroupSet,
                GroupRecord.ClassicGroupGone,
                ConsumerGroupRecord {
    /** The group it is about. */
    String group();

    /** A group has committed an offset. */
    record OffsetSet(String group, String topic, int partition, CommittedOffset value) implements GroupRecord {}

    /** A group's offset is forgotten. */
    record OffsetGone(String group, String topic, int partition) implements GroupRecord {}

    /** A classic group has come to a new state. */
    record ClassicGroupSet(String group, StoredGroup value) implements GroupRecord {}

    /** A classic group is forgotten. */
    record ClassicGroupGone(String group) implements GroupRecord {}
}
