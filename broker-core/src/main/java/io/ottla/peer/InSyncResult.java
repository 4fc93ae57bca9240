package io.ottla.peer;

import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicPartition;
import java.util.List;

/** What became of one partition's change in an {@link InSyncProposal}. */
public sealed interface InSyncResult {
    TopicPartition partition();

    /** The state as it is written now; the proposer's own where the change was taken, or was in force already. */
    record Committed(
            TopicPartition partition,
            BrokerId leader,
            LeaderEpoch leaderEpoch,
            List<BrokerId> inSync,
            boolean recovering,
            PartitionEpoch partitionEpoch)
            implements InSyncResult {}

    /** Nothing is changed. Errors are AlterPartition's. */
    record Refused(TopicPartition partition, Failure failure) implements InSyncResult {}
}
