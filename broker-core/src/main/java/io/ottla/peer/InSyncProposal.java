package io.ottla.peer;

import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;

/**
 * In-sync sets that a leader wants committed, many at once. Source: KIP-497, KIP-704, KIP-903.
 *
 * @param epoch of the leader's registration: an earlier incarnation's proposals are refused
 */
public record InSyncProposal(BrokerId leader, BrokerEpoch epoch, List<Change> changes) {
    public InSyncProposal {
        changes = List.copyOf(changes);
    }

    /**
     * One partition's.
     *
     * @param leaderEpoch in which it leads
     * @param partitionEpoch of the state that the change starts from; another one by now refuses
     * @param inSync the set as it shall be, the leader included
     * @param recovering whether a leader that was elected uncleanly has yet to recover
     */
    public record Change(
            TopicId topicId,
            TopicPartition partition,
            LeaderEpoch leaderEpoch,
            PartitionEpoch partitionEpoch,
            List<Member> inSync,
            boolean recovering) {
        public Change {
            inSync = List.copyOf(inSync);
        }
    }

    /** @param epoch of the registration that the leader knows of; {@link BrokerEpoch#NONE} where it knows none */
    public record Member(BrokerId id, BrokerEpoch epoch) {}
}
