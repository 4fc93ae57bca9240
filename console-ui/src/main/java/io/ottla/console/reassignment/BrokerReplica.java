package io.ottla.console.reassignment;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/**
 * A replica on a broker's disks.
 *
 * @param bytes what its log takes
 * @param lag offsets that it is behind
 * @param movingTo the folder that it is being moved to; empty where it stays
 * @param moved bytes that are there already
 */
public record BrokerReplica(
        TopicPartition partition, String folder, long bytes, long lag, String movingTo, long moved) {
    static final Comparator<BrokerReplica> BY_NAME = Comparator.comparing(
                    (BrokerReplica each) -> each.partition().topic())
            .thenComparingInt(each -> each.partition().partition());

    static final Comparator<BrokerReplica> LARGEST_FIRST =
            Comparator.comparingLong(BrokerReplica::bytes).reversed().thenComparing(BY_NAME);

    public boolean isMoving() {
        return !movingTo.isEmpty();
    }

    /** 0 … 100 of a move between folders. */
    public int movedPercent() {
        return bytes <= 0 ? 100 : (int) Math.clamp(100.0 * moved / bytes, 0, 100);
    }
}
