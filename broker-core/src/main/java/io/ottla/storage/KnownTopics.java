package io.ottla.storage;

import io.ottla.config.TopicProperties;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.Set;

/** What the cluster knows of topics while their logs are opened. Thread-safe. */
@FunctionalInterface
public interface KnownTopics {
    /** The topic's configuration; the defaults for one that is not known. */
    TopicProperties properties(String topic);

    /** {@link TopicId#ZERO} where the topic, or its id, is not known. */
    default TopicId id(String topic) {
        return TopicId.ZERO;
    }

    /** What was deleted while this broker was away: these logs go. */
    default Set<DeletedLog> deleted() {
        return Set.of();
    }

    /** Whether the cluster knows the partition, and that this broker holds a log of it; or can't tell at the moment. */
    default boolean isHeldHere(TopicPartition partition) {
        return true;
    }
}
