package io.ottla.replication;

import io.ottla.config.TopicProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.record.CheckedBatches;
import io.ottla.storage.AbortedTransaction;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ProducerView;
import io.ottla.storage.ReadResult;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.protocol.Errors;

/**
 * One partition as this broker has it: its log, its {@link Role}, its high watermark and those who wait. Everything
 * that must be ordered happens under its lock; whoever waited is told after the lock is released. Thread-safe.
 *
 * <p>The high watermark is the least end offset of the {@linkplain InSyncSet#maximal() maximal in-sync set}, and only
 * members that fetched in this leader's epoch count (KIP-497, {@code Kip320.tla}).
 */
public final class Partition {
    private static final Role OPENING = new Role.Opening();
    private static final Role GONE = new Role.Gone();

    private final TopicPartition name;
    private final TopicId topicId;
    private final BrokerId self;
    private final TopicMeter meter;
    private final InSyncChanges inSyncChanges;
    private final ReentrantLock lock = new ReentrantLock();
    private final AckQueue acks = new AckQueue();
    private final Watchers watchers = new Watchers();

    private PartitionImage wanted;
    private volatile Role role = OPENING;
    private volatile PartitionLog log;
    private volatile long highWatermark;
    private volatile long appendedBytes;

    Partition(TopicPartition name, TopicId topicId, BrokerId self, TopicMeter meter, InSyncChanges inSyncChanges) {
        this.name = name;
        this.topicId = topicId;
        this.self = self;
        this.meter = meter;
        this.inSyncChanges = inSyncChanges;
    }

    /** Told when a leader hears that its committed in-sync set has changed. */
    interface InSyncChanges {
        void shrunk();

        void expanded();
    }

    public TopicPartition name() {
        return name;
    }

    public TopicId topicId() {
        return topicId;
    }

    public TopicMeter meter() {
        return meter;
    }

    public Role role() {
        return role;
    }

    /** Null until opened, and where the folder could not give it. */
    public PartitionLog log() {
        return log;
    }

    /** The first offset that is not yet committed, as this replica knows. */
    public long highWatermark() {
        return highWatermark;
    }

    /** Bytes appended since the partition was made here; a reader's measure of what has come meanwhile. */
    public long appendedBytes() {
        return appendedBytes;
    }

    /** The first offset that a reader of committed records doesn't get. */
    public long lastStableOffset() {
        long committed = highWatermark;
        OptionalLong unstable = log.firstUnstableOffset();
        return unstable.isPresent() ? Math.min(unstable.getAsLong(), committed) : committed;
    }

    /** The first offset that a reader with that limit doesn't get. There is a log. */
    long endFor(ReadLimit limit) {
        return switch (limit) {
            case HIGH_WATERMARK -> highWatermark;
            case LAST_STABLE -> lastStableOffset();
            case LOG_END -> log.logEndOffset();
        };
    }

    /** Whether a {@link #read} would touch the disk, which no event loop does. There is a log. */
    boolean isCold(long fetchOffset, ReadLimit limit, int maxBytes) {
        PartitionLog there = log;
        long upTo = endFor(limit);
        return fetchOffset >= there.logStartOffset()
                && fetchOffset < upTo
                && !there.isHot(fetchOffset, upTo, maxBytes, limit == ReadLimit.LAST_STABLE);
    }

    /**
     * Whether a request that believes in that epoch may be served here, by the leader.
     *
     * @param currentLeaderEpoch -1 where the request names none
     * @return null where it may
     */
    public Failure refusal(int currentLeaderEpoch) {
        return refusal(role, currentLeaderEpoch);
    }

    private static Failure refusal(Role now, int currentLeaderEpoch) {
        if (currentLeaderEpoch >= 0
                && now.epoch().value() >= 0
                && currentLeaderEpoch != now.epoch().value()) {
            return currentLeaderEpoch < now.epoch().value() ? Role.Refusals.FENCED : Role.Refusals.UNKNOWN_EPOCH;
        }
        return now.refusal();
    }

    /**
     * Appends as the leader that the caller saw. Whether the folder is calm enough for the calling thread is the
     * caller's to ask.
     *
     * @param leading as {@link #role()} answered; another leadership by now refuses
     * @param allInSync whether the append is to be acknowledged by all in-sync replicas: refused where they are too few
     */
    public AppendResult append(Role.Leading leading, CheckedBatches batches, AppendOrigin origin, boolean allInSync) {
        AppendResult result;
        AckWaiter acknowledged = null;
        boolean advanced = false;
        Errors how = Errors.NONE;
        lock.lock();
        try {
            Role now = role;
            if (!(now instanceof Role.Leading current) || !current.epoch().equals(leading.epoch())) {
                return new AppendResult.Refused(now.refusal() == null ? Role.Refusals.NOT_LEADER : now.refusal());
            }
            if (allInSync && isUnderMinInSync(current)) {
                return new AppendResult.Refused(tooFewInSync(current));
            }
            result = log.appendAsLeader(batches, current.epoch(), origin);
            if (result instanceof AppendResult.Appended appended) {
                addAppendedBytes(appended.bytes());
                advanced = advanceHighWatermark(current);
                if (advanced) {
                    acknowledged = acks.takeUpTo(highWatermark);
                    how = acknowledgement(current);
                }
            }
        } finally {
            lock.unlock();
        }
        if (advanced) {
            tell(acknowledged, how);
        }
        return result;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    private void addAppendedBytes(int bytes) {
        appendedBytes += bytes;
    }

    private Failure tooFewInSync(Role.Leading leading) {
        return Failure.of(
                Errors.NOT_ENOUGH_REPLICAS,
                "Expected at least " + log.properties().minInSyncReplicas() + " in-sync replicas of " + name
                        + " (min.insync.replicas), but there are "
                        + leading.inSync().committed().size()
                        + ". Start the brokers that hold its other replicas");
    }

    /**
     * Lets a waiter wait until the high watermark reaches an offset. It ends now where that is so already, or where the
     * leadership of the append is over.
     *
     * @param offset one past the last record
     */
    public void await(AckWaiter waiter, Role.Leading leading, long offset) {
        Errors how;
        lock.lock();
        try {
            if (!(role instanceof Role.Leading current) || !current.epoch().equals(leading.epoch())) {
                how = endOfLeadership(role);
            } else if (highWatermark >= offset) {
                how = acknowledgement(current);
            } else {
                acks.add(waiter, offset);
                return;
            }
        } finally {
            lock.unlock();
        }
        waiter.ended(how);
    }

    /** Ends a wait whose time is up. Nothing happens where it has ended already. */
    public void abandon(AckWaiter waiter) {
        boolean taken;
        lock.lock();
        try {
            taken = acks.remove(waiter);
        } finally {
            lock.unlock();
        }
        if (taken) {
            waiter.ended(Errors.REQUEST_TIMED_OUT);
        }
    }

    /**
     * Reads batches.
     *
     * @param currentLeaderEpoch what the reader believes; -1 for no belief
     * @param lastFetchedEpoch the epoch of the reader's last record, to find where logs part; -1 for none
     * @param maxBytes 0 answers the offsets alone
     */
    public PartitionRead read(
            long fetchOffset,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            ReadLimit limit,
            int maxBytes,
            boolean atLeastOneBatch) {
        Role now = role;
        Failure refusal = refusal(now, currentLeaderEpoch);
        if (refusal != null) {
            return new PartitionRead.Refused(refusal);
        }
        long committed = highWatermark;
        long stable = Math.min(lastStableOffset(), committed);
        long start = log.logStartOffset();
        if (lastFetchedEpoch >= 0) {
            EpochEnd end = log.endOffsetOf(new LeaderEpoch(lastFetchedEpoch));
            if (end.endOffset() < 0) {
                return outOfRange(fetchOffset, start);
            }
            if (end.epoch().value() < lastFetchedEpoch || end.endOffset() < fetchOffset) {
                return new PartitionRead.Diverged(end, committed, stable, start);
            }
        }
        if (fetchOffset < start || fetchOffset > log.logEndOffset()) {
            return outOfRange(fetchOffset, start);
        }
        long upTo = switch (limit) {
            case HIGH_WATERMARK -> committed;
            case LAST_STABLE -> stable;
            case LOG_END -> log.logEndOffset();
        };
        boolean isolated = limit == ReadLimit.LAST_STABLE;
        if (fetchOffset >= upTo || maxBytes <= 0 && !atLeastOneBatch) {
            return new PartitionRead.Found(List.of(), 0, committed, stable, start, isolated ? List.of() : null);
        }
        return switch (log.read(fetchOffset, upTo, maxBytes, atLeastOneBatch)) {
            case ReadResult.Found found -> {
                List<AbortedTransaction> aborted = null;
                if (isolated) {
                    aborted = found.bytes() == 0 ? List.of() : log.abortedTransactions(fetchOffset, upTo);
                }
                yield new PartitionRead.Found(
                        found.slices(), found.bytes(), committed, stable, found.logStartOffset(), aborted);
            }
            case ReadResult.Refused refused -> new PartitionRead.Refused(refused.failure());
        };
    }

    private PartitionRead outOfRange(long fetchOffset, long logStart) {
        return new PartitionRead.Refused(Failure.of(
                Errors.OFFSET_OUT_OF_RANGE,
                "Expected an offset of " + name + " from " + logStart + " to " + log.logEndOffset() + ", but got "
                        + fetchOffset));
    }

    /** Where an epoch ends in this leader's log (KIP-101, KIP-320). */
    public FoundEpoch endOffsetOf(int currentLeaderEpoch, int epoch) {
        Failure refusal = refusal(currentLeaderEpoch);
        return refusal != null
                ? new FoundEpoch.Refused(refusal)
                : new FoundEpoch.Found(log.endOffsetOf(new LeaderEpoch(epoch)));
    }

    /** Producers that wrote lately; null where this broker does not lead. */
    public List<ProducerView> activeProducers() {
        return role.refusal() != null ? null : log.activeProducers();
    }

    /**
     * Moves the log start. Completes when that is written down, so that no crash brings records back.
     *
     * @param offset -1 for the high watermark
     */
    public CompletionStage<DeletedRecords> deleteRecords(long offset) {
        PartitionLog here = log;
        return switch (moveLogStart(offset)) {
            case DeletedRecords.Refused refused -> CompletableFuture.completedStage(refused);
            case DeletedRecords.Deleted deleted ->
                here.keepLogStart()
                        .thenApply(kept -> kept ? deleted : new DeletedRecords.Refused(Role.Refusals.STORAGE));
        };
    }

    private DeletedRecords moveLogStart(long offset) {
        long low;
        lock.lock();
        try {
            Role now = role;
            if (!(now instanceof Role.Leading leading)) {
                return new DeletedRecords.Refused(now.refusal());
            }
            if (!log.properties().delete()) {
                return new DeletedRecords.Refused(Failure.of(
                        Errors.POLICY_VIOLATION,
                        "Records of " + name + " can't be deleted: cleanup.policy does not contain 'delete'"));
            }
            long target = offset == -1 ? highWatermark : offset;
            if (target < 0 || target > highWatermark) {
                return new DeletedRecords.Refused(Failure.of(
                        Errors.OFFSET_OUT_OF_RANGE,
                        "Expected an offset of " + name + " not beyond the high watermark " + highWatermark
                                + ", but got " + offset));
            }
            if (target > log.logStartOffset() && !log.advanceLogStart(target)) {
                return new DeletedRecords.Refused(
                        log.folder().isOnline() ? Failure.of(Errors.OFFSET_OUT_OF_RANGE) : Role.Refusals.STORAGE);
            }
            low = lowWatermark(leading);
        } finally {
            lock.unlock();
        }
        watchers.tell();
        return new DeletedRecords.Deleted(low);
    }

    private long lowWatermark(Role.Leading leading) {
        long low = log.logStartOffset();
        for (Follower follower : leading.counted()) {
            low = Math.min(low, follower.logStartOffset);
        }
        return low;
    }

    /**
     * Notes where a follower's log ends: a fetch that was served says so with its offset. One whose log parts from ours is
     * not served before it has cut it.
     *
     * @param currentLeaderEpoch only a fetch that names this leader's epoch counts
     * @return why not, or null
     */
    public Failure followerFetched(
            BrokerId id, int currentLeaderEpoch, long endOffset, long logStartOffset, long nowNs) {
        AckWaiter acknowledged;
        Errors how;
        lock.lock();
        try {
            Role now = role;
            if (!(now instanceof Role.Leading leading)) {
                return now.refusal();
            }
            Follower follower = leading.follower(id);
            if (follower == null) {
                // Who names the epoch may know of an assignment that is still on its way here; others just ask the
                // wrong broker.
                return currentLeaderEpoch < 0 ? Role.Refusals.NOT_LEADER : Role.Refusals.UNKNOWN_EPOCH;
            }
            if (currentLeaderEpoch == leading.epoch().value() && endOffset <= log.logEndOffset()) {
                follower.acknowledged = true;
                follower.endOffset = endOffset;
                follower.logStartOffset = logStartOffset;
                if (endOffset == log.logEndOffset()) {
                    follower.caughtUpNs = nowNs;
                }
            }
            if (!advanceHighWatermark(leading)) {
                return null;
            }
            acknowledged = acks.takeUpTo(highWatermark);
            how = acknowledgement(leading);
        } finally {
            lock.unlock();
        }
        tell(acknowledged, how);
        return null;
    }

    /** Watches what readers get. A watcher is told of everything that changes after this returns. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Appends that wait for the high watermark. */
    int waitingAcks() {
        lock.lock();
        try {
            return acks.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- changes of role ----

    /** Takes up a log that has been opened, and the role that was waiting for it. */
    void opened(PartitionLog opened) {
        opened.listen(new LogListener());
        lock.lock();
        try {
            log = opened;
            highWatermark = opened.highWatermark();
            if (role instanceof Role.Gone) {
                return;
            }
        } finally {
            lock.unlock();
        }
        settle();
    }

    /** The folder gave no log, or gives none any more. */
    void failed() {
        LeaderEpoch epoch;
        lock.lock();
        try {
            epoch = wanted == null ? role.epoch() : wanted.leaderEpoch();
        } finally {
            lock.unlock();
        }
        leave(new Role.Offline(epoch));
    }

    /** The partition is no longer this broker's. */
    void gone() {
        leave(GONE);
    }

    /** The broker stops: it leads no more, and whoever waits is sent elsewhere. */
    void resign() {
        leave(new Role.Following(BrokerId.NONE, role.epoch()));
    }

    /** Notes the newest state of the partition, and acts on it as soon as there is a log. Older states are dropped. */
    void apply(PartitionImage state) {
        lock.lock();
        try {
            if (wanted != null && isOlder(state, wanted)) {
                return;
            }
            wanted = state;
        } finally {
            lock.unlock();
        }
        settle();
    }

    private static boolean isOlder(PartitionImage state, PartitionImage known) {
        int byLeader = state.leaderEpoch().compareTo(known.leaderEpoch());
        return byLeader < 0 || byLeader == 0 && state.partitionEpoch().compareTo(known.partitionEpoch()) < 0;
    }

    void reconfigure(TopicProperties properties) {
        PartitionLog there = log;
        if (there != null) {
            there.reconfigure(properties);
        }
    }

    private void settle() {
        AckWaiter failed = null;
        lock.lock();
        try {
            if (!isUsable() || wanted == null) {
                return;
            }
            boolean stays = wanted.leader().equals(self) && wanted.leaderEpoch().equals(role.epoch());
            if (role instanceof Role.Leading && !stays) {
                role = new Role.Following(BrokerId.NONE, role.epoch());
                failed = acks.takeAll();
            }
        } finally {
            lock.unlock();
        }
        AckWaiter.endAll(failed, Errors.NOT_LEADER_OR_FOLLOWER);
        AckWaiter acknowledged = null;
        Errors how = Errors.NONE;
        lock.lock();
        try {
            if (!isUsable()) {
                return;
            }
            if (wanted.leader().equals(self)) {
                Role.Leading leading = lead(wanted);
                if (advanceHighWatermark(leading)) {
                    acknowledged = acks.takeUpTo(highWatermark);
                    how = acknowledgement(leading);
                }
            } else {
                role = new Role.Following(wanted.leader(), wanted.leaderEpoch());
            }
        } finally {
            lock.unlock();
        }
        tell(acknowledged, how);
    }

    private boolean isUsable() {
        return log != null && !(role instanceof Role.Gone) && !(role instanceof Role.Offline);
    }

    private Role.Leading lead(PartitionImage state) {
        Role before = role;
        if (!(before instanceof Role.Leading) || !before.epoch().equals(state.leaderEpoch())) {
            log.beginEpoch(state.leaderEpoch());
        }
        Role.Leading leading = Role.Leading.by(state, self, log.logEndOffset(), before);
        if (before instanceof Role.Leading earlier) {
            int change = leading.inSync().committed().size()
                    - earlier.inSync().committed().size();
            if (change < 0) {
                inSyncChanges.shrunk();
            } else if (change > 0) {
                inSyncChanges.expanded();
            }
        }
        role = leading;
        return leading;
    }

    private void leave(Role last) {
        AckWaiter failed;
        lock.lock();
        try {
            if (role instanceof Role.Gone) {
                return;
            }
            role = last;
            failed = acks.takeAll();
        } finally {
            lock.unlock();
        }
        tell(failed, endOfLeadership(last));
    }

    private static Errors endOfLeadership(Role now) {
        Failure refusal = now.refusal();
        return refusal == null ? Errors.NOT_LEADER_OR_FOLLOWER : refusal.error();
    }

    private void tell(AckWaiter ended, Errors how) {
        AckWaiter.endAll(ended, how);
        watchers.tell();
    }

    /** Under the lock. */
    private boolean advanceHighWatermark(Role.Leading leading) {
        long least = log.acknowledgeableOffset();
        for (Follower follower : leading.counted()) {
            if (!follower.acknowledged) {
                return false;
            }
            least = Math.min(least, follower.endOffset);
        }
        if (least <= highWatermark) {
            return false;
        }
        highWatermark = least;
        log.advanceHighWatermark(least);
        return true;
    }

    private Errors acknowledgement(Role.Leading leading) {
        return isUnderMinInSync(leading) ? Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND : Errors.NONE;
    }

    private boolean isUnderMinInSync(Role.Leading leading) {
        return leading.inSync().committed().size() < log.properties().minInSyncReplicas();
    }

    // ---- seen from outside ----

    /** 0 where this broker does not lead, as Kafka shows it; so for the others. */
    int replicaCount() {
        return role instanceof Role.Leading leading ? leading.replicaCount() : 0;
    }

    int inSyncCount() {
        return role instanceof Role.Leading leading
                ? leading.inSync().committed().size()
                : 0;
    }

    boolean isUnderReplicated() {
        return role instanceof Role.Leading leading
                && leading.inSync().committed().size() < leading.replicaCount();
    }

    boolean isUnderMinInSync() {
        return role instanceof Role.Leading leading && isUnderMinInSync(leading);
    }

    boolean isAtMinInSync() {
        return role instanceof Role.Leading leading
                && leading.inSync().committed().size() == log.properties().minInSyncReplicas();
    }

    long lastStableOffsetLag() {
        return log == null ? 0 : Math.max(0, highWatermark - lastStableOffset());
    }

    /** What the log tells of itself. */
    private final class LogListener implements PartitionLog.Listener {
        @Override
        public void onAcknowledgeable(PartitionLog of) {
            AckWaiter acknowledged;
            Errors how;
            lock.lock();
            try {
                if (!(role instanceof Role.Leading leading) || !advanceHighWatermark(leading)) {
                    return;
                }
                acknowledged = acks.takeUpTo(highWatermark);
                how = acknowledgement(leading);
            } finally {
                lock.unlock();
            }
            tell(acknowledged, how);
        }

        @Override
        public void onLogStartMoved(PartitionLog of) {
            watchers.tell();
        }

        @Override
        public void onFailed(PartitionLog of) {
            failed();
        }
    }
}
