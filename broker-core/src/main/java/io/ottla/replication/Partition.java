package io.ottla.replication;

import io.ottla.config.TopicProperties;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Labels;
import io.ottla.peer.InSyncProposal;
import io.ottla.peer.InSyncResult;
import io.ottla.peer.LostReplicas;
import io.ottla.record.CheckedBatches;
import io.ottla.storage.AppendOrigin;
import io.ottla.storage.AppendResult;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.ProducerView;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One partition as this broker has it: its log, its {@link Role}, its high watermark and those who wait. Everything
 * that must be ordered happens under its lock; whoever waited is told after the lock is released. Thread-safe.
 *
 * <p>The high watermark is the least end offset of the {@linkplain InSyncSet#maximal() maximal in-sync set}, and only
 * members that fetched in this leader's epoch count (KIP-497, {@code Kip320.tla}).
 */
public final class Partition {
    private final TopicMeter meter;
    private final PartitionState here;
    private final RoleChanges roles;
    private final PartitionReader reader;
    private final PartitionWriter writer;
    private final RecordDeletion deletion;
    private final InSyncChanges inSync;
    private final LogFollowing following;
    private final Surroundings surroundings;

    Partition(TopicPartition name, TopicId topicId, BrokerId self, TopicMeter meter, Surroundings surroundings) {
        this.meter = meter;
        this.here = new PartitionState(name, topicId, self, surroundings);
        this.roles = new RoleChanges(
                here, (epoch, loss) -> surroundings.lost(this, epoch, loss), this::roleChanged, surroundings);
        this.reader = new PartitionReader(here, surroundings);
        this.writer = new PartitionWriter(here);
        this.deletion = new RecordDeletion(here, surroundings);
        this.inSync = new InSyncChanges(here, roles, surroundings, () -> surroundings.proposes(this));
        this.following = new LogFollowing(here, roles);
        this.surroundings = surroundings;
    }

    /** The broker and the cluster around a partition: told of what concerns more than it, and asked. Thread-safe. */
    interface Surroundings {
        /** A leader hears that its committed in-sync set has lost a member. */
        void inSyncShrunk();

        /** A leader hears that its committed in-sync set has won a member. */
        void inSyncExpanded();

        /**
         * The log is offline, or damaged, and the cluster does not know it yet; or it is neither any more. Called again with
         * each state that does not know.
         *
         * @param epoch the last one in which the leader may have seen more of it than there is
         * @param loss what is to be known
         */
        void lost(Partition partition, LeaderEpoch epoch, LostReplicas.Loss loss);

        /** It has another {@link Partition#role}, by now perhaps a later one than it is told for. */
        void roleChanged(Partition partition);

        /** It leads, and has something to {@link Partition#proposal propose}. */
        void proposes(Partition partition);

        /** Of the registration of a live broker; {@link BrokerEpoch#NONE} where it is not live, or fenced. */
        BrokerEpoch epochOf(BrokerId broker);

        /** Whether the cluster can't have given away what this broker leads without its knowing: it is in touch with a controller. */
        boolean isInTouch();

        /** Whether the high watermark stands still while fewer replicas are in sync than there have to be (KIP-966). */
        boolean isMinInSyncStrict();

        /** How much is sent to followers of what is throttled. */
        ReplicationThrottle sending();

        /** For how long a follower may lag and be in sync. */
        long replicaLagNs();

        /** Has it looked through whether a leader's copy is whole. Called without the partition's lock. */
        void lookThrough(LeadersCopy copy, LeadersCopy.Asker asker);

        /** Of a clock that never goes back. */
        long nowNs();
    }

    public TopicPartition name() {
        return here.name;
    }

    public TopicId topicId() {
        return here.topicId;
    }

    /** Of its series among the meters. */
    public Labels labels() {
        return here.labels;
    }

    public TopicMeter meter() {
        return meter;
    }

    public Role role() {
        return here.role;
    }

    /** Null until opened, and where the folder could not give it. */
    public PartitionLog log() {
        return here.log;
    }

    /** The first offset that is not yet committed, as this replica knows. */
    public long highWatermark() {
        return here.highWatermark;
    }

    /** Bytes appended since the partition was made here; a reader's measure of what has come meanwhile. */
    public long appendedBytes() {
        return here.appendedBytes;
    }

    /** The first offset that a reader of committed records doesn't get. */
    public long lastStableOffset() {
        return reader.lastStableOffset();
    }

    /** The first offset that a reader with that limit doesn't get. There is a log. */
    long endFor(ReadLimit limit) {
        return reader.endFor(limit);
    }

    /** Whether a {@link #read} would touch the disk, which no event loop does. There is a log. */
    boolean isCold(long fetchOffset, ReadLimit limit, int maxBytes) {
        return reader.isCold(fetchOffset, limit, maxBytes);
    }

    /**
     * Whether a request that believes in that epoch may be served here, by the leader.
     *
     * @param currentLeaderEpoch -1 where the request names none
     * @return null where it may
     */
    public Failure refusal(int currentLeaderEpoch) {
        return reader.refusal(currentLeaderEpoch);
    }

    /**
     * Appends as the leader that the caller saw. Whether the folder is calm enough for the calling thread is the
     * caller's to ask.
     *
     * @param leading as {@link #role()} answered; another leadership by now refuses
     * @param allInSync whether the append is to be acknowledged by all in-sync replicas: refused where they are too few
     */
    public AppendResult append(Role.Leading leading, CheckedBatches batches, AppendOrigin origin, boolean allInSync) {
        AppendResult result = writer.append(leading, batches, origin, allInSync);
        if (result instanceof AppendResult.Appended appended) {
            meter.appended(batches.recordCount(), appended.bytes());
        }
        return result;
    }

    /**
     * Lets a waiter wait until the high watermark reaches an offset. It ends now where that is so already, or where the
     * leadership of the append is over.
     *
     * @param offset one past the last record
     */
    public void await(AckWaiter waiter, Role.Leading leading, long offset) {
        writer.await(waiter, leading, offset);
    }

    /** Ends a wait whose time is up. Nothing happens where it has ended already. */
    public void abandon(AckWaiter waiter) {
        writer.abandon(waiter);
    }

    /**
     * Reads batches.
     *
     * @param currentLeaderEpoch what the reader believes; -1 for no belief
     * @param lastFetchedEpoch the epoch of the reader's last record, to find where logs part; -1 for none
     * @param anyReplica whether one that follows serves too (KIP-392)
     * @param maxBytes 0 answers the offsets alone
     */
    public PartitionRead read(
            long fetchOffset,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            ReadLimit limit,
            boolean anyReplica,
            int maxBytes,
            boolean atLeastOneBatch) {
        return reader.read(
                fetchOffset, currentLeaderEpoch, lastFetchedEpoch, limit, anyReplica, maxBytes, atLeastOneBatch);
    }

    /** As {@link #read} of the leader alone. */
    public PartitionRead read(
            long fetchOffset,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            ReadLimit limit,
            int maxBytes,
            boolean atLeastOneBatch) {
        return read(fetchOffset, currentLeaderEpoch, lastFetchedEpoch, limit, false, maxBytes, atLeastOneBatch);
    }

    /**
     * A reader has met a batch whose checksum does not fit.
     *
     * @return whether others in sync have it, so that one of them is to lead; what is read here meanwhile is not whole
     */
    public boolean suspect(long offset) {
        return roles.suspect(offset);
    }

    /** Whether it may be read here just now. */
    boolean serves(boolean anyReplica) {
        return reader.serves(anyReplica);
    }

    /** What a reader gets who is to read another replica. There is a log. */
    PartitionRead sendTo(BrokerId replica) {
        return reader.sendTo(replica);
    }

    /**
     * The replica that a consumer in that rack reads best: of those in sync that have the offset and are in the rack the one
     * that is furthest (KIP-392).
     *
     * @param racks by broker; null for one that the consumer can't reach
     * @return null where that is this one, or none is there, or this one does not lead
     */
    public BrokerId nearest(String rack, long offset, Function<BrokerId, String> racks) {
        return rack.equals(racks.apply(here.self)) ? null : inSync.nearest(rack, offset, racks);
    }

    /** Where an epoch ends in this leader's log (KIP-101, KIP-320). */
    public FoundEpoch endOffsetOf(int currentLeaderEpoch, int epoch) {
        return reader.endOffsetOf(currentLeaderEpoch, epoch);
    }

    /** Producers that wrote lately, as this replica's log has them, be it a follower; null where it has no log to tell. */
    public List<ProducerView> activeProducers() {
        PartitionLog there = here.log;
        return switch (here.role) {
            case Role.Leading _, Role.Following _ -> there == null ? null : there.activeProducers();
            case Role.Opening _, Role.Offline _, Role.Gone _ -> null;
        };
    }

    /** How many producers its log remembers; 0 where there is none. */
    int producerCount() {
        PartitionLog there = here.log;
        return there == null ? 0 : there.producerCount();
    }

    /** Whether this broker leads, and a transaction hangs. */
    boolean hasLateTransaction() {
        return here.role instanceof Role.Leading && here.log.hasLateTransaction();
    }

    /**
     * Moves the log start. Completes when that is written down, so that no crash brings records back, and all live followers
     * have done the same. Who will not wait for so long completes it.
     *
     * @param offset -1 for the high watermark
     */
    public CompletableFuture<DeletedRecords> deleteRecords(long offset) {
        return deletion.delete(offset);
    }

    /**
     * Notes where a follower's log ends: a fetch that was served says so with its offset. One whose log parts from ours is
     * not served before it has cut it.
     *
     * @param brokerEpoch of the registration under which it fetches (KIP-903); -1 where it does not say
     * @param currentLeaderEpoch only a fetch that names this leader's epoch counts
     * @return why not, or null
     */
    public Failure followerFetched(
            BrokerId id, long brokerEpoch, int currentLeaderEpoch, long endOffset, long logStartOffset, long nowNs) {
        Failure refusal = inSync.followerFetched(id, brokerEpoch, currentLeaderEpoch, endOffset, logStartOffset, nowNs);
        deletion.review();
        return refusal;
    }

    /** Whether this broker leads, and that one is not committed as in sync. */
    public boolean isOutOfSync(BrokerId broker) {
        return here.role instanceof Role.Leading leading
                && !leading.inSync().committed().contains(broker);
    }

    /** Whether a follower that is not in sync gets nothing for now: what is sent of throttled replicas is too much (KIP-73). */
    public boolean isHeldBack(BrokerId follower) {
        return here.throttledAsLeader
                && isOutOfSync(follower)
                && surroundings.sending().isExceeded();
    }

    /** Notes bytes that go to a follower. */
    public void sent(BrokerId follower, int bytes) {
        meter.replicatedOut(bytes, here.adding.contains(follower));
        if (here.throttledAsLeader) {
            surroundings.sending().note(bytes);
        }
    }

    /** Notes bytes that this replica has taken over from its leader. */
    void fetched(int bytes) {
        meter.replicatedIn(bytes, here.adding.contains(here.self));
    }

    /** Whether what this replica fetches is throttled. */
    boolean isThrottledAsFollower() {
        return here.throttledAsFollower;
    }

    /** Watches what readers get. A watcher is told of everything that changes after this returns. */
    public void watch(Watcher watcher) {
        here.watchers.add(watcher);
    }

    public void unwatch(Watcher watcher) {
        here.watchers.remove(watcher);
    }

    /** Appends that wait for the high watermark. */
    int waitingAcks() {
        return writer.waiting();
    }

    /** Deletions of records that wait for followers. */
    int waitingDeletions() {
        return deletion.waiting();
    }

    // ---- changes of role ----

    private void roleChanged() {
        deletion.review();
        surroundings.roleChanged(this);
    }

    /** Takes up a log that has been opened, and the role that was waiting for it. */
    void opened(PartitionLog opened) {
        roles.opened(opened);
    }

    /** The folder gave no log, or gives none any more. */
    void failed() {
        roles.failed();
    }

    /** The partition is no longer this broker's. */
    void gone() {
        roles.gone();
    }

    /** The broker stops: it leads no more, and whoever waits is sent elsewhere. */
    void resign() {
        roles.resign();
    }

    /**
     * Notes the newest state of the partition, and acts on it as soon as there is a log. Older states are dropped.
     *
     * @return done when it is in force, which waits for a cut of the log that is under way
     */
    CompletionStage<Void> apply(PartitionImage state) {
        return roles.apply(state);
    }

    // ---- the in-sync set ----

    /** Proposes that members which lag leave the in-sync set. */
    void checkInSync(long nowNs) {
        inSync.check(nowNs);
    }

    /** A broker is not live any more. */
    void departed(BrokerId broker) {
        inSync.departed(broker);
        deletion.review();
    }

    /** What a leader wants committed; null where there is nothing. */
    InSyncProposal.Change proposal(BrokerEpoch own) {
        return inSync.open(here.topicId, own);
    }

    /** What became of a {@link #proposal}. */
    void proposed(InSyncProposal.Change proposal, InSyncResult result, long nowNs) {
        inSync.answered(proposal, result, nowNs);
    }

    // ---- following a leader ----

    LogFollowing following() {
        return following;
    }

    void reconfigure(TopicProperties properties) {
        PartitionLog there = here.log;
        if (there != null) {
            there.reconfigure(properties);
            here.throttle(properties);
            reconsider();
        }
    }

    /** The rules have changed by which the high watermark moves. */
    void reconsider() {
        inSync.departed(BrokerId.NONE);
    }

    // ---- seen from outside ----

    /** 0 where this broker does not lead, as Kafka shows it; so for the others. */
    int replicaCount() {
        return here.role instanceof Role.Leading leading ? leading.replicaCount() : 0;
    }

    int inSyncCount() {
        return here.role instanceof Role.Leading leading
                ? leading.inSync().committed().size()
                : 0;
    }

    boolean isUnderReplicated() {
        return here.role instanceof Role.Leading leading
                && leading.inSync().committed().size() < leading.replicaCount();
    }

    boolean isUnderMinInSync() {
        return here.role instanceof Role.Leading leading && here.isUnderMinInSync(leading);
    }

    boolean isAtMinInSync() {
        return here.role instanceof Role.Leading leading
                && leading.inSync().committed().size() == here.minInSync(leading);
    }

    /** How much its leader has committed that is not here; 0 where it follows nobody. */
    long followerLag() {
        return here.role instanceof Role.Following following
                        && !following.leader().isNone()
                ? here.lag
                : 0;
    }

    long lastStableOffsetLag() {
        return here.log == null ? 0 : Math.max(0, here.highWatermark - lastStableOffset());
    }
}
