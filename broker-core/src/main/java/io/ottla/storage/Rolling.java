package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.time.Clock;
import java.io.IOException;

/** When a log goes on in a new segment: by size, age, index or distance of offsets. */
final class Rolling {
    private Rolling() {}

    /**
     * @param bytes that are to be appended
     * @param maxTimestamp of them, -1 where they have none
     * @param lastOffset of them
     */
    static boolean isDue(
            LogSegment active, TopicProperties properties, int bytes, long maxTimestamp, long lastOffset, Clock clock)
            throws IOException {
        if (!active.canHold(lastOffset)) {
            return true;
        }
        int size = active.bytes();
        return size > 0
                && (size > properties.segmentBytes() - bytes
                        || active.hasFullIndex()
                        || age(active, maxTimestamp, clock) > limit(active, properties));
    }

    private static long limit(LogSegment active, TopicProperties properties) {
        long segmentMs = segmentMs(properties);
        long jitter = Math.min(properties.segmentJitterMs(), segmentMs);
        return segmentMs - (long) (jitter * active.jitter());
    }

    /** Only what is not active is compacted: so none stays so beyond the time in which it has to be (KIP-354). */
    static long segmentMs(TopicProperties properties) {
        return properties.compact()
                ? Math.min(properties.segmentMs(), properties.maxCompactionLagMs())
                : properties.segmentMs();
    }

    /** By the batches' own timestamps where they have any, so that replicas roll alike; else by the wall clock. */
    private static long age(LogSegment active, long maxTimestamp, Clock clock) throws IOException {
        long first = active.firstTimestamp();
        return first >= 0 && maxTimestamp >= 0 ? maxTimestamp - first : clock.wallMs() - active.createdMs();
    }
}
