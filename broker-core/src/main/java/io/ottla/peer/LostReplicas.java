package io.ottla.peer;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;

/**
 * What a broker has lost with a log folder, or found damaged: its replicas of these partitions can't be used until it
 * registers anew, or their leader has seen them catch up.
 *
 * @param epoch of its registration
 */
public record LostReplicas(BrokerId broker, BrokerEpoch epoch, List<Replica> replicas) {
    public LostReplicas {
        replicas = List.copyOf(replicas);
    }

    /**
     * One of them.
     *
     * @param topicId of the topic that the log belongs to; another topic of the name is not meant
     * @param epoch the last one in which its leader may have seen more of it than there is, or will be
     */
    public record Replica(TopicId topicId, TopicPartition partition, LeaderEpoch epoch, Loss loss) {}

    /** What became of it. */
    public enum Loss {
        /** It has no log that could be read. */
        OFFLINE,
        /** Its log is there, though damaged: it is used all the same where nobody else may have what it has. */
        DAMAGED,
        /** What was told of it before is taken back: as damaged as it may be, nobody else is there. */
        NONE
    }
}
