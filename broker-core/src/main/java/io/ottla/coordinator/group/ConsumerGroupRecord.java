package io.ottla.coordinator.group;

import io.ottla.coordinator.group.assign.Assignment;

/** A record of {@code __consumer_offsets} about a group of the consumer protocol (KIP-848). */
sealed interface ConsumerGroupRecord extends GroupRecord {
    /** Whether it says something that is, and not that something is forgotten. */
    default boolean isKept() {
        return switch (this) {
            case EpochSet _, OldTopicsSet _, MemberSet _, TargetEpochSet _, TargetSet _, PlaceSet _, RegexSet _ -> true;
            case EpochGone _,
                    OldTopicsGone _,
                    MemberGone _,
                    TargetEpochGone _,
                    TargetGone _,
                    PlaceGone _,
                    RegexGone _ -> false;
        };
    }

    /**
     * A group has come to another epoch.
     *
     * @param metadataHash of the topics that it reads; 0 for none
     */
    record EpochSet(String group, int epoch, long metadataHash) implements ConsumerGroupRecord {}

    /** A group is forgotten. */
    record EpochGone(String group) implements ConsumerGroupRecord {}

    /** What earlier software kept of the topics that a group reads, of which nothing is used. */
    record OldTopicsSet(String group) implements ConsumerGroupRecord {}

    record OldTopicsGone(String group) implements ConsumerGroupRecord {}

    /** A member says something else of itself. */
    record MemberSet(String group, String memberId, MemberSubscription value) implements ConsumerGroupRecord {}

    record MemberGone(String group, String memberId) implements ConsumerGroupRecord {}

    /**
     * Targets are those of this epoch.
     *
     * @param timestampMs when they were computed; 0 where that is not known
     */
    record TargetEpochSet(String group, int epoch, long timestampMs) implements ConsumerGroupRecord {}

    record TargetEpochGone(String group) implements ConsumerGroupRecord {}

    /** A member's target. */
    record TargetSet(String group, String memberId, Assignment value) implements ConsumerGroupRecord {}

    record TargetGone(String group, String memberId) implements ConsumerGroupRecord {}

    /** How far a member has come. */
    record PlaceSet(String group, String memberId, MemberPlace value) implements ConsumerGroupRecord {}

    record PlaceGone(String group, String memberId) implements ConsumerGroupRecord {}

    /** What a regular expression matched. */
    record RegexSet(String group, String regex, ResolvedRegex value) implements ConsumerGroupRecord {}

    record RegexGone(String group, String regex) implements ConsumerGroupRecord {}
}
