package io.ottla.console.lag;

import java.util.List;

/**
 * How far a group is, topic by topic.
 *
 * @param members how many it has; -1 when unknown
 * @param topics ordered by name
 */
public record GroupFigures(GroupKey group, int members, List<TopicFigures> topics) {
    public static final int UNKNOWN = -1;

    public GroupFigures {
        topics = List.copyOf(topics);
    }

    /** -1 where it has committed nothing. */
    public long lag() {
        return topics.isEmpty()
                ? PartitionLag.UNKNOWN
                : topics.stream().mapToLong(TopicFigures::lag).sum();
    }

    GroupFigures withMembers(int count) {
        return new GroupFigures(group, count, topics);
    }
}
