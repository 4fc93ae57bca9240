package io.ottla.coordinator.transaction;

import io.ottla.record.EndTransactionMarker;
import io.ottla.replication.AckWaiter;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.LogFolder;
import io.ottla.time.Clock;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Writes markers into partitions that this broker leads. Those of groups' offsets go through the group coordinator, whose
 * state they change.
 */
public final class PartitionMarkers implements MarkerLog {
    /** Ends a transaction in a partition of groups' offsets. */
    @FunctionalInterface
    public interface Groups {
        /** @param answer as a coordinator's clients are told */
        void endTransaction(int partition, TransactionMarker marker, Consumer<Errors> answer);
    }

    private final Replicas replicas;
    private final Groups groups;
    private final String groupTopic;
    private final Clock clock;

    /** @param groupTopic the name of the topic with groups' offsets */
    public PartitionMarkers(Replicas replicas, Groups groups, String groupTopic, Clock clock) {
        this.replicas = replicas;
        this.groups = groups;
        this.groupTopic = groupTopic;
        this.clock = clock;
    }

    @Override
    public void append(TopicPartition name, TransactionMarker marker, Consumer<Errors> answer) {
        if (name.topic().equals(groupTopic)) {
            groups.endTransaction(name.partition(), marker, how -> answer.accept(ofPartition(how)));
            return;
        }
        Partition partition = replicas.partition(name.topic(), name.partition());
        if (partition == null) {
            answer.accept(replicas.absence(name.topic(), name.partition()).error());
        } else if (partition.role() instanceof Role.Leading leading) {
            LogFolder folder = partition.log().folder();
            if (folder.isCalm()) {
                append(partition, leading, marker, answer);
            } else {
                appendLater(folder, () -> append(partition, leading, marker, answer), answer);
            }
        } else {
            answer.accept(partition.refusal(-1).error());
        }
    }

    /** The calling thread may be one that must not wait for a slow disk. */
    private static void appendLater(LogFolder folder, Runnable append, Consumer<Errors> answer) {
        try {
            folder.appendExecutor().execute(append);
        } catch (RejectedExecutionException full) {
            answer.accept(Errors.REQUEST_TIMED_OUT);
        }
    }

    private void append(Partition partition, Role.Leading leading, TransactionMarker marker, Consumer<Errors> answer) {
        AppendResult result = partition.append(
                leading,
                new EndTransactionMarker(marker.commits(), marker.coordinatorEpoch())
                        .batch(clock.wallMs(), marker.producer()),
                new AppendOrigin.Coordinator(marker.version()),
                true);
        switch (result) {
            case AppendResult.Appended done ->
                partition.await(new Committed(Errors.NONE, answer), leading, done.lastOffset() + 1);
            case AppendResult.Refused(Failure failure)
            when failure.error() == Errors.INVALID_PRODUCER_EPOCH ->
                // It may be here already, and not be committed yet.
                partition.await(
                        new Committed(failure.error(), answer),
                        leading,
                        partition.log().logEndOffset());
            case AppendResult.Refused(Failure failure) -> answer.accept(failure.error());
            case AppendResult.Duplicate _ -> answer.accept(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    /**
     * Waits until what is in the log is committed. Where fewer replicas are in sync by then than wanted that does not count: the
     * marker might be lost with this one, and nobody would tell it again.
     */
    private static final class Committed extends AckWaiter {
        private final Errors outcome;
        private final Consumer<Errors> answer;

        Committed(Errors outcome, Consumer<Errors> answer) {
            this.outcome = outcome;
            this.answer = answer;
        }

        @Override
        protected void ended(Errors how) {
            answer.accept(how == Errors.NONE ? outcome : how);
        }
    }

    /** What a coordinator says of its shard, as it is said of any partition. */
    private static Errors ofPartition(Errors coordinators) {
        return switch (coordinators) {
            case NOT_COORDINATOR -> Errors.NOT_LEADER_OR_FOLLOWER;
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE -> Errors.NOT_ENOUGH_REPLICAS;
            default -> coordinators;
        };
    }
}
