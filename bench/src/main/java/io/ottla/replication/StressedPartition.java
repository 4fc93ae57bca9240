package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.LostReplicas;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.StressedLog;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;

/** A partition that broker 1 leads in epoch 1, over a log in memory, for one round of a stress test. */
final class StressedPartition {
    static final BrokerId SELF = new BrokerId(1);
    static final BrokerId OTHER = new BrokerId(2);

    private static final TopicMeter METER = new TopicMeters(new Metrics()).all();
    private static final Partition.Surroundings UNHEARD = new Partition.Surroundings() {
        @Override
        public void inSyncShrunk() {}

        @Override
        public void inSyncExpanded() {}

        @Override
        public void lost(Partition partition, LeaderEpoch epoch, LostReplicas.Loss loss) {}

        @Override
        public void roleChanged(Partition partition) {}

        @Override
        public void proposes(Partition partition) {}

        @Override
        public BrokerEpoch epochOf(BrokerId broker) {
            return BrokerEpoch.NONE;
        }

        @Override
        public boolean isInTouch() {
            return true;
        }

        @Override
        public boolean isMinInSyncStrict() {
            return false;
        }

        @Override
        public ReplicationThrottle sending() {
            return null;
        }

        @Override
        public long replicaLagNs() {
            return Long.MAX_VALUE;
        }

        @Override
        public void lookThrough(LeadersCopy copy, LeadersCopy.Asker asker) {}

        @Override
        public long nowNs() {
            return 0;
        }
    };

    private final StressedLog log = StressedLog.ofOneSegment();
    private final Partition partition = new Partition(new TopicPartition("t", 0), TopicId.ZERO, SELF, METER, UNHEARD);

    /** @param replicas all in sync; the first one leads */
    StressedPartition(BrokerId... replicas) {
        partition.apply(state(SELF, 1, replicas));
        partition.opened(log.log());
    }

    static PartitionImage state(BrokerId leader, int epoch, BrokerId... replicas) {
        return new PartitionImage(
                List.of(replicas),
                List.of(),
                List.of(),
                leader,
                new LeaderEpoch(epoch),
                new PartitionEpoch(epoch),
                new ControllerEpoch(1),
                List.of(replicas),
                List.of(),
                BrokerId.NONE,
                false);
    }

    /** The first one leads as before, and is the only one in sync. */
    static PartitionImage alone(BrokerId... replicas) {
        PartitionImage state = state(SELF, 1, replicas);
        return state.withInSync(List.of(SELF), false, new PartitionEpoch(2));
    }

    Partition partition() {
        return partition;
    }

    /** Appends a record as the leader of epoch 1; true where it went well. */
    boolean append(Role leading) {
        return leading instanceof Role.Leading leader
                && partition.append(leader, StressedLog.oneRecord(), AppendOrigin.CLIENT, false)
                        instanceof AppendResult.Appended;
    }

    /** The follower fetches from that offset. */
    void followerFetches(long offset) {
        partition.followerFetched(OTHER, -1, 1, offset, 0, 0);
    }

    /** Another broker leads from now on. */
    void loseLeadership() {
        partition.apply(state(OTHER, 2, SELF, OTHER));
    }

    /** Batches that a consumer gets from the beginning, which must be whole; or what is wrong. */
    static int batches(PartitionRead read) {
        return read instanceof PartitionRead.Found found ? StressedLog.count(found.slices(), 0) : StressedLog.BROKEN;
    }

    PartitionRead consume() {
        return partition.read(0, -1, -1, ReadLimit.HIGH_WATERMARK, 1 << 20, true);
    }

    /** Counts how often it was told, and what. */
    static final class Ack extends AckWaiter {
        private final AtomicInteger ends = new AtomicInteger();
        private volatile Errors how;

        @Override
        protected void ended(Errors how) {
            this.how = how;
            ends.incrementAndGet();
        }

        /** The error's code where it ended once; -100 where it did not end; less where more than once. */
        int code() {
            return ends.get() == 1 ? how.code() : -100 - ends.get();
        }
    }

    /** Counts how often it was told. */
    static final class Look extends Watcher {
        private final AtomicInteger told = new AtomicInteger();

        @Override
        protected void changed() {
            told.incrementAndGet();
        }

        boolean isTold() {
            return told.get() > 0;
        }
    }
}
