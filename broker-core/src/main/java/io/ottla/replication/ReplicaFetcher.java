package io.ottla.replication;

import io.ottla.concurrent.SerialExecutor;
import io.ottla.config.FetcherProperties;
import io.ottla.peer.PeerClient;
import io.ottla.storage.EpochEnd;
import io.ottla.storage.LogFolder;
import io.ottla.storage.PartitionLog;
import io.ottla.time.LogLines;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches partitions that another broker leads: one request after the other over one connection, each for all that are ready.
 * Only where one has just become ready, so that it must not wait for what the others may never get, a second request goes after
 * one that waits at the leader; the leader answers the first at once then.
 *
 * <p>Its state belongs to an order of its own: an answer is worked off on the event loop that brought it, where nothing else
 * is under way, and what comes meanwhile runs on the workers after it.
 */
final class ReplicaFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaFetcher.class);
    static final short VERSION = FetchRequestData.HIGHEST_SUPPORTED_VERSION;
    /** The last that names topics. */
    static final short VERSION_BY_NAME = 12;

    private static final short FIRST_WITH_REPLICA_STATE = 15;
    private static final int IN_FLIGHT = 1;
    private static final int IN_FLIGHT_URGENT = 2;
    private static final int LINES_PER_SECOND = 5;
    /** The first of those waits that double. */
    private static final long FIRST_WAIT_MS = 20;

    /** How long a throttled partition is left alone before it is seen whether it may go on. */
    private static final long THROTTLE_MS = 200;

    private static final ByteBuffer NO_RECORDS = ByteBuffer.allocate(0);

    private final PeerClient.Lane lane;
    private final FetcherProperties terms;
    private final ReplicationThrottle throttle;
    private final ReplicationMeter meter;
    private final ReplicationPorts ports;
    private final int self;
    private final SerialExecutor turns;
    private final LogLines lines;
    /** Changed in turn, read by any thread. */
    private final Map<TopicPartition, FollowedPartition> followed = new ConcurrentHashMap<>();

    private final AnswerRate answers;
    private FollowerSession session = new FollowerSession(true, null);
    private int nameless;
    private long requests;
    private int inFlight;
    private boolean urgent;
    private boolean pausing;
    private int pauses;
    private int failures;
    private boolean closed;

    ReplicaFetcher(
            PeerClient.Lane lane,
            FetcherProperties terms,
            ReplicationThrottle throttle,
            ReplicationMeter meter,
            ReplicationPorts ports,
            int self) {
        this.lane = lane;
        this.terms = terms;
        this.throttle = throttle;
        this.meter = meter;
        this.ports = ports;
        this.self = self;
        this.turns = new SerialExecutor(ports.workers());
        this.answers = new AnswerRate(ports.clock().monotonicNs());
        this.lines = new LogLines(ports.clock(), LINES_PER_SECOND);
    }

    // ---- any thread ----

    /** Follows a partition from now on, or in another role than before. */
    void follow(Partition partition, Role.Following role) {
        later(() -> begin(partition, role));
    }

    /** Follows it no longer; what is on its way for it is dropped. */
    void unfollow(Partition partition) {
        later(() -> end(partition));
    }

    /** Committed records that the partition lacks that lags most. */
    long maxLag() {
        long most = 0;
        for (FollowedPartition one : followed.values()) {
            most = Math.max(most, one.lag);
        }
        return most;
    }

    boolean follows() {
        return !followed.isEmpty();
    }

    /** Answers a second since it was asked last. One at a time may ask. */
    double rate() {
        return answers.read(ports.clock().monotonicNs());
    }

    /** The leader is there again: nothing is waited for. */
    void hurry() {
        later(() -> {
            if (pausing) {
                pausing = false;
                next();
            }
        });
    }

    void close() {
        later(() -> {
            closed = true;
            followed.values().forEach(one -> one.left = true);
            followed.clear();
        });
    }

    /** No step is lost: where the workers have more than enough to do, or have ended, it runs here. */
    private void later(Runnable step) {
        boolean taken = false;
        while (!taken) {
            try {
                turns.execute(step);
                taken = true;
            } catch (RejectedExecutionException full) {
                taken = turns.tryRun(step);
            }
        }
    }

    // ---- in turn ----

    private void begin(Partition partition, Role.Following role) {
        if (closed) {
            return;
        }
        FollowedPartition known = followed.get(partition.name());
        if (known != null && !known.partition.equals(partition)) {
            end(known.partition);
            known = null;
        }
        if (known == null) {
            known = new FollowedPartition(partition, role);
            followed.put(partition.name(), known);
            nameless += partition.topicId().isZero() ? 1 : 0;
        } else {
            known.begin(role);
        }
        ready(known);
    }

    private void end(Partition partition) {
        FollowedPartition known = followed.get(partition.name());
        if (known != null && known.partition.equals(partition)) {
            followed.remove(partition.name());
            known.left = true;
            session.forget(known);
            nameless -= partition.topicId().isZero() ? 1 : 0;
        }
    }

    /** It is to be fetched, now. */
    private void ready(FollowedPartition one) {
        if (!one.isReady()) {
            return;
        }
        if (!one.examined) {
            one.examined = true;
            FollowerPosition position = one.partition.following().position(one.role);
            if (position != null && position.isOfUnknownEpoch()) {
                cut(one, one.partition.following().cutToHighWatermark(one.role));
                return;
            }
        }
        if (isHeldBack(one)) {
            pause(one, THROTTLE_MS);
            return;
        }
        session.change(one);
        urgent = true;
        next();
    }

    /** Whether it is throttled, lags, and too much is fetched just now (KIP-73). */
    private boolean isHeldBack(FollowedPartition one) {
        return one.lag != 0 && one.partition.isThrottledAsFollower() && throttle.isExceeded();
    }

    /** Sends the next request where it is time for one. */
    private void next() {
        if (closed || pausing || inFlight >= (urgent && session.isAnswered() ? IN_FLIGHT_URGENT : IN_FLIGHT)) {
            return;
        }
        if (session.isByTopicId() != (nameless == 0)) {
            renew();
            if (inFlight > 0) {
                return;
            }
        }
        urgent = false;
        boolean opening = !session.isAnswered();
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(opening ? 0 : terms.waitMaxMs())
                .setMinBytes(opening ? 0 : terms.minBytes())
                .setMaxBytes(terms.responseMaxBytes());
        long number = ++requests;
        if (!session.fill(request, followed.values(), terms.maxBytes(), number)) {
            renew();
            return;
        }
        send(request, number);
    }

    private void send(FetchRequestData request, long number) {
        short version = session.isByTopicId() ? VERSION : VERSION_BY_NAME;
        if (version >= FIRST_WITH_REPLICA_STATE) {
            request.replicaState()
                    .setReplicaId(self)
                    .setReplicaEpoch(ports.brokerEpoch().get().value());
        } else {
            request.setReplicaId(self);
        }
        inFlight++;
        FollowerSession of = session;
        ports.peers().fetch(lane, request, version, terms.timeoutMs(), (answer, failure) -> {
            if (!turns.tryRun(() -> answered(of, number, answer, failure))) {
                keep(answer);
                later(() -> answered(of, number, answer, failure));
            }
        });
    }

    /** Takes records out of the connection's memory. */
    private static void keep(ApiMessage answer) {
        if (answer instanceof FetchResponseData data) {
            for (FetchableTopicResponse topic : data.responses()) {
                for (PartitionData partition : topic.partitions()) {
                    partition.setRecords(MemoryRecords.readableRecords(keep(recordsOf(partition))));
                }
            }
        }
    }

    private static ByteBuffer keep(ByteBuffer records) {
        return ByteBuffer.allocate(records.remaining()).put(records.duplicate()).flip();
    }

    static ByteBuffer recordsOf(PartitionData partition) {
        return partition.records() instanceof MemoryRecords inMemory ? inMemory.buffer() : NO_RECORDS;
    }

    /** Tells the leader everything anew by the next request. */
    private void renew() {
        session.end();
        session = new FollowerSession(nameless == 0, session);
    }

    private void answered(FollowerSession of, long number, ApiMessage answer, Throwable failure) {
        inFlight--;
        if (closed) {
            return;
        }
        if (failure != null) {
            failed(of, "Fetching from broker " + lane.broker() + " failed: " + failure.getMessage());
        } else {
            FetchResponseData data = (FetchResponseData) answer;
            Errors error = Errors.forCode(data.errorCode());
            if (error == Errors.NONE) {
                failures = 0;
                meter.answered();
                answers.note();
                of.answered(data.sessionId());
                take(of, number, data);
            } else {
                failed(of, "Broker " + lane.broker() + " answers a fetch with " + error);
            }
        }
        next();
    }

    private void failed(FollowerSession of, String why) {
        if (!of.equals(session)) {
            return;
        }
        lines.write(more -> LOG.info("{}{}", why, more));
        renew();
        failures++;
        pausing = true;
        int now = ++pauses;
        ports.timer()
                .schedule(
                        waitMs(failures),
                        () -> later(() -> {
                            if (pausing && pauses == now) {
                                pausing = false;
                                next();
                            }
                        }));
    }

    private void take(FollowerSession of, long number, FetchResponseData data) {
        if (!of.equals(session)) {
            return;
        }
        for (FetchableTopicResponse topic : data.responses()) {
            for (PartitionData partition : topic.partitions()) {
                FollowedPartition one = of.find(topic.topicId(), topic.topic(), partition.partitionIndex());
                if (one != null && one.isAnsweredBy(number)) {
                    take(one, partition);
                } else if (one != null && one.isReady()) {
                    session.change(one); // asked anew meanwhile: the leader hears what has not been taken over
                }
            }
        }
    }

    private void take(FollowedPartition one, PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        switch (error) {
            case NONE -> {
                long parting = data.divergingEpoch().endOffset();
                if (parting >= 0) {
                    EpochEnd at =
                            new EpochEnd(new LeaderEpoch(data.divergingEpoch().epoch()), parting);
                    cut(one, one.partition.following().reconcile(one.role, at));
                } else {
                    append(one, data);
                }
            }
            case OFFSET_OUT_OF_RANGE -> outOfRange(one, data.logStartOffset());
            case NOT_LEADER_OR_FOLLOWER,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH,
                    UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    INCONSISTENT_TOPIC_ID,
                    KAFKA_STORAGE_ERROR -> {
                // The leader, or this broker, has yet to hear of a change, or is about to.
                one.failures++;
                pause(one, waitMs(one.failures));
            }
            default -> disorder(one, "the leader answers " + error);
        }
    }

    /** The leader's log begins behind the end of this one; or this one, with nothing in it to compare, ends behind the leader's. */
    private void outOfRange(FollowedPartition one, long leadersStart) {
        FollowerPosition position = one.partition.following().position(one.role);
        if (position == null || position.endOffset() != one.told.endOffset()) {
            session.change(one);
        } else if (leadersStart < 0 || position.lastEpoch() >= 0 && leadersStart <= position.endOffset()) {
            disorder(
                    one, "offset " + position.endOffset() + " is out of the leader's range, which it does not explain");
        } else {
            LOG.info(
                    "{} goes on at {}, where the leader's log begins: offset {} is out of its range",
                    one.partition.name(),
                    leadersStart,
                    one.told.endOffset());
            cut(one, one.partition.following().startAt(one.role, leadersStart));
        }
    }

    private void append(FollowedPartition one, PartitionData data) {
        ByteBuffer bytes = recordsOf(data);
        PartitionLog log = one.partition.log();
        LogFolder folder = log == null || !bytes.hasRemaining() ? null : log.folder();
        Role.Following role = one.role;
        long from = one.told.endOffset();
        if (folder == null || folder.isCalm()) {
            appended(one, data, bytes, follow(one, role, from, bytes, data));
            return;
        }
        int mood = one.become(FollowedPartition.Mood.BUSY);
        ByteBuffer kept = keep(bytes);
        try {
            folder.appendExecutor().execute(() -> {
                LogFollowing.Outcome outcome = follow(one, role, from, kept, data);
                later(() -> {
                    if (one.moods == mood) {
                        one.become(FollowedPartition.Mood.READY);
                        appended(one, data, kept, outcome);
                        ready(one);
                    }
                });
            });
        } catch (RejectedExecutionException full) {
            disorder(one, "folder " + folder.path() + " takes no more appends just now");
        }
    }

    private static LogFollowing.Outcome follow(
            FollowedPartition one, Role.Following role, long from, ByteBuffer bytes, PartitionData data) {
        return one.partition.following().follow(role, from, bytes, data.highWatermark(), data.logStartOffset());
    }

    private void appended(FollowedPartition one, PartitionData data, ByteBuffer bytes, LogFollowing.Outcome outcome) {
        switch (outcome) {
            case LogFollowing.Outcome.Followed(int count) -> {
                one.failures = 0;
                PartitionLog log = one.partition.log();
                one.lag = Math.max(0, data.highWatermark() - log.logEndOffset());
                if (one.partition.isThrottledAsFollower()) {
                    throttle.note(count);
                }
                one.partition.fetched(count);
                meter.fetched(count);
                if (isHeldBack(one)) {
                    pause(one, THROTTLE_MS);
                } else if (count > 0 || log.logStartOffset() != one.told.startOffset()) {
                    session.change(one);
                }
            }
            case LogFollowing.Outcome.Late() -> session.change(one);
            case LogFollowing.Outcome.WithinBatch(long first) -> {
                Role.Following role = one.role;
                ByteBuffer kept = keep(bytes);
                CompletionStage<Void> appended = one.partition
                        .following()
                        .startAt(role, first)
                        .thenRun(() -> follow(one, role, first, kept, data));
                cut(one, appended);
            }
            case LogFollowing.Outcome.Refused(var failure) -> disorder(one, failure.text());
        }
    }

    /** Leaves it alone until its log is cut. */
    private void cut(FollowedPartition one, CompletionStage<Void> done) {
        int mood = one.become(FollowedPartition.Mood.BUSY);
        session.change(one);
        done.whenComplete((_, _) -> later(() -> {
            if (one.moods == mood) {
                one.become(FollowedPartition.Mood.READY);
                ready(one);
            }
        }));
    }

    private void disorder(FollowedPartition one, String why) {
        lines.write(more -> LOG.warn(
                "{} can't be fetched from broker {} for now: {}{}", one.partition.name(), lane.broker(), why, more));
        one.failures++;
        pause(one, terms.backoffMs());
    }

    /** How long to wait after so many failures in a row that time alone may cure. */
    private long waitMs(int inARow) {
        return Math.min(terms.backoffMs(), FIRST_WAIT_MS << Math.min(inARow - 1, 10));
    }

    private void pause(FollowedPartition one, long ms) {
        int mood = one.become(FollowedPartition.Mood.PAUSING);
        session.change(one);
        ports.timer()
                .schedule(
                        ms,
                        () -> later(() -> {
                            if (one.moods == mood) {
                                one.become(FollowedPartition.Mood.READY);
                                ready(one);
                            }
                        }));
    }
}
