package io.ottla.console.lag;

/**
 * How far a group is in one partition. -1 stands for what is unknown.
 *
 * @param committed the offset that its next record has; unknown where it has committed none
 * @param end the offset that the next record gets
 * @param lag records between both, never below zero; of a share group those that are not done
 */
public record PartitionLag(String topic, int partition, long committed, long end, long lag) {
    public static final long UNKNOWN = -1;

    /** The end was read after the committed offset; where it is smaller all the same, the log was cut or made anew, and nothing is left to read. */
    static PartitionLag of(String topic, int partition, long committed, long end) {
        return new PartitionLag(
                topic, partition, committed, end, committed < 0 || end < 0 ? UNKNOWN : Math.max(0, end - committed));
    }

    PartitionLag withLag(long told) {
        return new PartitionLag(topic, partition, committed, end, told);
    }
}
