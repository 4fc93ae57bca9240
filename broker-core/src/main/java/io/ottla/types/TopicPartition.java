package io.ottla.types;

/**
 * A partition by its topic's name.
 *
 * @param partition 0 or more
 */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** The name of the partition's folder on disk, {@code topic-partition}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
