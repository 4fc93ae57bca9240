package io.ottla.console.transactions;

import java.time.Instant;

/**
 * A partition with an open transaction that no coordinator knows of: nobody will ever end it, so that readers of committed
 * records wait before it and compaction stops there.
 *
 * @param last when its producer wrote last
 * @param startOffset the first of its records
 * @param coordinatorEpoch of the coordinator that ended the producer's transaction before; 0 where there was none
 */
public record Hanging(
        String topic,
        int partition,
        long producerId,
        short epoch,
        int coordinatorEpoch,
        long startOffset,
        Instant last) {
    /** As it is typed to abort it. */
    public String name() {
        return topic + "-" + partition;
    }
}
