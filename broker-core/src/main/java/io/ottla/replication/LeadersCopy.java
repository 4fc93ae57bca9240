package io.ottla.replication;

import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;

/**
 * The part of a leader's log that a damaged replica would fetch again.
 *
 * @param epoch in which it leads
 * @param from the first offset that the damaged replica has to give up
 * @param to the end of what it has to give up, exclusive; the leader's log may end before
 * @param committed what the damaged replica knows to be committed, exclusive; a leader whose log ends before lacks something
 */
record LeadersCopy(
        TopicPartition partition,
        TopicId topicId,
        BrokerId leader,
        LeaderEpoch epoch,
        long from,
        long to,
        long committed) {

    /** Who wants to know whether it is whole. */
    interface Asker {
        /** Whether the answer is still of use. */
        boolean waits();

        /** @param damagedAt the first offset that could not be had whole; -1 where there is none */
        void answered(long damagedAt);
    }
}
