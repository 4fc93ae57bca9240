package io.ottla.replication;

import io.ottla.concurrent.BriefLock;
import io.ottla.config.TopicProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Labels;
import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the parts of a partition share. Changed under {@code lock}; volatile fields are read by any thread. Whoever waited
 * is told after the lock is released.
 */
final class PartitionState {
    private static final Role OPENING = new Role.Opening();

    final TopicPartition name;
    final TopicId topicId;
    final BrokerId self;
    final Labels labels;
    final BriefLock lock = new BriefLock();
    final AckQueue acks = new AckQueue();
    final Watchers watchers = new Watchers();

    volatile Role role = OPENING;
    /** Null until opened, and where the folder could not give it. */
    volatile PartitionLog log;

    volatile long highWatermark;

    /** Bytes appended since the partition was made here. */
    volatile long appendedBytes;

    /** How much the leader had committed, as of its last answer, that was not here. */
    volatile long lag;

    /** Whether what its leader sends to followers is throttled, if that is this broker, and what this one fetches. */
    volatile boolean throttledAsLeader;

    volatile boolean throttledAsFollower;

    /** Brokers that a reassignment brings in. Never null. */
    volatile List<BrokerId> adding = List.of();

    /** Whether it is being looked whether the log is damaged, so that another one is to lead then. */
    volatile boolean examined;

    /**
     * Whether members have left the in-sync set by an answer of the controller that no image has shown yet. It may have been
     * decided by a larger {@code min.insync.replicas} than is known here, so that they are eligible to lead.
     */
    boolean leaversAreUnclear;

    /** What the cluster wants of it, as was told last; null before that. */
    PartitionImage wanted;

    /** Whether the broker stops, so that it takes up no role any more. */
    boolean resigned;

    /** While the log is being cut it takes up no other role; null else. */
    CompletableFuture<Void> cutting;

    private final Partition.Surroundings surroundings;

    PartitionState(TopicPartition name, TopicId topicId, BrokerId self, Partition.Surroundings surroundings) {
        this.name = name;
        this.topicId = topicId;
        this.self = self;
        this.labels = Labels.of("partition", Integer.toString(name.partition()), "topic", name.topic());
        this.surroundings = surroundings;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    void appended(int bytes) {
        appendedBytes += bytes;
    }

    /** Whether there is a log to lead or follow with. Under the lock. */
    boolean isUsable() {
        return !resigned && log != null && !(role instanceof Role.Gone) && !(role instanceof Role.Offline);
    }

    /** A cut has begun: no other role is taken up before it has ended. Under the lock. */
    void cutBegins() {
        cutting = new CompletableFuture<>();
    }

    /** Takes note of which replicas a topic throttles. */
    void throttle(TopicProperties properties) {
        throttledAsLeader = isThrottled(properties.leaderReplicationThrottledReplicas());
        throttledAsFollower = isThrottled(properties.followerReplicationThrottledReplicas());
    }

    private boolean isThrottled(List<String> replicas) {
        return replicas.contains("*") || replicas.contains(name.partition() + ":" + self);
    }

    /** What a wait ends with whose leadership is over, by the role that followed. */
    static Errors endOfLeadership(Role now) {
        Failure refusal = now.refusal();
        return refusal == null ? Errors.NOT_LEADER_OR_FOLLOWER : refusal.error();
    }

    /** Ends waits and tells watchers. Without the lock. */
    void tell(AckWaiter ended, Errors how) {
        AckWaiter.endAll(ended, how);
        watchers.tell();
    }

    /**
     * Moves the high watermark to where the in-sync set allows; true where it moved. Where so few are in sync that they could
     * all be lost, it stands still, if the cluster counts on that (KIP-966); and as long as the controller counts somebody as
     * eligible, also where a smaller {@code min.insync.replicas} has come before the state that follows from it. Under the lock.
     */
    boolean advanceHighWatermark(Role.Leading leading) {
        long least = log.acknowledgeableOffset();
        for (Follower follower : leading.counted()) {
            if (!follower.acknowledged) {
                return false;
            }
            least = Math.min(least, follower.endOffset);
        }
        for (Follower follower : leading.others()) {
            if (follower.joining) {
                least = Math.min(least, follower.endOffset);
            }
        }
        boolean mayBeEligible = leaversAreUnclear || !wanted.eligible().isEmpty() || isUnderMinInSync(leading);
        if (least <= highWatermark || mayBeEligible && surroundings.isMinInSyncStrict()) {
            return false;
        }
        highWatermark = least;
        log.advanceHighWatermark(least);
        return true;
    }

    /** How waits end that the high watermark has passed. */
    Errors acknowledgement(Role.Leading leading) {
        return isUnderMinInSync(leading) ? Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND : Errors.NONE;
    }

    boolean isUnderMinInSync(Role.Leading leading) {
        return leading.inSync().committed().size() < minInSync(leading);
    }

    /** How many have to be in sync for an append to be taken for all: never more than there are replicas, as in Kafka. */
    int minInSync(Role.Leading leading) {
        return Math.min(log.properties().minInSyncReplicas(), leading.replicaCount());
    }
}
