package io.ottla.replication;

import io.ottla.config.FetcherProperties;
import io.ottla.peer.PeerClient;
import io.ottla.record.RecordBatches;
import io.ottla.types.BrokerId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads a leader's copy of a partition once, and sees whether each batch is as it was written and behind the one before. Also
 * what is not known to be committed is looked at, which it may be. Where the leader can't be reached, or does not lead any
 * more, it is asked again, as long as the asker waits.
 *
 * <p>It fetches as a replica does, but names no leader epoch, so that the leader does not take it for a follower that has got
 * so far (KIP-101). That it has led in that epoch all the time it says before and after, as it says where its log ends
 * (OffsetForLeaderEpoch, KIP-320). One request after the other, on the event loop that brings the answers; the asker is told on the workers.
 */
final class CopyCheck {
    private static final short END_VERSION = 4;
    private static final int NO_EPOCH = -1;

    private final LeadersCopy copy;
    private final LeadersCopy.Asker asker;
    private final FetcherProperties terms;
    private final ReplicationPorts ports;
    private final int self;
    private final BooleanSupplier isOver;
    private final PeerClient.Lane lane;
    private final boolean byId;
    private long next;
    private long end = -1;

    /** @param isOver whether the broker stops */
    CopyCheck(
            LeadersCopy copy,
            LeadersCopy.Asker asker,
            FetcherProperties terms,
            ReplicationPorts ports,
            BrokerId self,
            BooleanSupplier isOver) {
        this.copy = copy;
        this.asker = asker;
        this.terms = terms;
        this.ports = ports;
        this.self = self.value();
        this.isOver = isOver;
        this.lane = new PeerClient.Lane(copy.leader(), PeerClient.Purpose.MENDING);
        this.byId = !copy.topicId().isZero();
        this.next = copy.from();
    }

    /** Asks for the first time. */
    void begin() {
        goOn();
    }

    private void goOn() {
        if (isOver.getAsBoolean() || !asker.waits()) {
            return;
        }
        if (0 <= end && next < end) {
            fetch();
        } else {
            askForEnd();
        }
    }

    private void askForEnd() {
        OffsetForLeaderTopic topic = new OffsetForLeaderTopic()
                .setTopic(copy.partition().topic())
                .setPartitions(List.of(new OffsetForLeaderPartition()
                        .setPartition(copy.partition().partition())
                        .setCurrentLeaderEpoch(copy.epoch().value())
                        .setLeaderEpoch(copy.epoch().value())));
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(self);
        request.topics().add(topic);
        ports.peers()
                .send(lane, request, END_VERSION, terms.timeoutMs())
                .whenComplete((answer, failure) -> endAnswered(answer, failure));
    }

    private void endAnswered(ApiMessage answer, Throwable failure) {
        EpochEndOffset leaders = failure == null ? only((OffsetForLeaderEpochResponseData) answer) : null;
        if (leaders == null || leaders.errorCode() != Errors.NONE.code() || leaders.endOffset() < 0) {
            later();
        } else if (leaders.endOffset() < copy.committed()) {
            answer(leaders.endOffset());
        } else if (end < 0) {
            end = Math.min(copy.to(), leaders.endOffset());
            goOn();
        } else {
            answer(next <= Math.max(end, leaders.endOffset()) ? -1 : end);
        }
    }

    private static EpochEndOffset only(OffsetForLeaderEpochResponseData answer) {
        OffsetForLeaderTopicResult topic =
                answer.topics().size() == 1 ? answer.topics().iterator().next() : null;
        return topic != null && topic.partitions().size() == 1
                ? topic.partitions().getFirst()
                : null;
    }

    private void fetch() {
        FetchTopic topic = byId
                ? new FetchTopic().setTopicId(copy.topicId().uuid())
                : new FetchTopic().setTopic(copy.partition().topic());
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setMaxBytes(terms.maxBytes())
                .setSessionId(FetchSession.NONE)
                .setSessionEpoch(FetchSession.FINAL_EPOCH)
                .setTopics(List.of(topic.setPartitions(List.of(new FetchPartition()
                        .setPartition(copy.partition().partition())
                        .setCurrentLeaderEpoch(NO_EPOCH)
                        .setFetchOffset(next)
                        .setPartitionMaxBytes(terms.maxBytes())))));
        if (byId) {
            request.replicaState()
                    .setReplicaId(self)
                    .setReplicaEpoch(ports.brokerEpoch().get().value());
        } else {
            request.setReplicaId(self);
        }
        short version = byId ? ReplicaFetcher.VERSION : ReplicaFetcher.VERSION_BY_NAME;
        ports.peers().fetch(lane, request, version, terms.timeoutMs(), this::fetched);
    }

    private void fetched(ApiMessage answer, Throwable failure) {
        PartitionData data = failure == null ? only((FetchResponseData) answer) : null;
        if (data == null) {
            later();
            return;
        }
        switch (Errors.forCode(data.errorCode())) {
            case NONE -> look(ReplicaFetcher.recordsOf(data));
            case CORRUPT_MESSAGE -> answer(next);
            case OFFSET_OUT_OF_RANGE -> {
                if (data.logStartOffset() > next) {
                    next = data.logStartOffset(); // what is before is deleted
                    goOn();
                } else {
                    later();
                }
            }
            default -> later();
        }
    }

    private static PartitionData only(FetchResponseData answer) {
        return answer.errorCode() == Errors.NONE.code()
                        && answer.responses().size() == 1
                        && answer.responses().getFirst().partitions().size() == 1
                ? answer.responses().getFirst().partitions().getFirst()
                : null;
    }

    private void look(ByteBuffer records) {
        if (!records.hasRemaining()) {
            later(); // throttled
            return;
        }
        RecordBatches batches = new RecordBatches().over(records);
        while (batches.next() == RecordBatches.Step.BATCH) {
            if (batches.lastOffset() < next || !batches.isIntact()) {
                answer(next);
                return;
            }
            next = batches.lastOffset() + 1;
        }
        if (batches.position() == records.position()) {
            answer(next);
        } else {
            goOn();
        }
    }

    /** On the workers: the partition may take up a role by it, which can touch the disk. */
    private void answer(long damagedAt) {
        handOver(() -> asker.answered(damagedAt));
    }

    private void later() {
        ports.timer().schedule(terms.backoffMs(), () -> handOver(this::goOn));
    }

    /** Where the workers have too much to do, all is looked at again after a while. */
    private void handOver(Runnable step) {
        try {
            ports.workers().execute(step);
        } catch (RejectedExecutionException full) {
            if (!isOver.getAsBoolean()) {
                later();
            }
        }
    }
}
