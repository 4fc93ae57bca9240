package io.ottla.replication;

import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.protocol.Errors;

/**
 * What one fetcher follows (KIP-227). A session that is kept spares the fetcher naming all of it again and the broker
 * looking at all of it again: partitions that may have news are queued. A fetch without session has one of these for
 * itself. Guarded by its own monitor; {@link #marked} alone comes from elsewhere.
 */
public final class FetchSession {
    /** The id of a session that is not kept. */
    public static final int NONE = 0;
    /** In a request: a new session, please. */
    public static final int INITIAL_EPOCH = 0;
    /** In a request: no session, and end the one that is named. */
    public static final int FINAL_EPOCH = -1;

    private record IdPartition(TopicId id, int number) {}

    private final boolean byId;
    private final boolean ofFollower;
    private final Map<Object, FetchedPartition> partitions = new LinkedHashMap<>();
    private final ConcurrentLinkedQueue<FetchedPartition> marked = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<FetchedPartition> queue = new ArrayDeque<>();

    private volatile int id = NONE;
    private volatile int size;
    private int nextEpoch = 1;
    private boolean closed;
    private volatile FetchTurn turn;

    /** Guarded by {@link FetchSessions}. */
    long madeMs;

    long usedMs;

    /**
     * @param byId whether its requests name topics by id (version 13 and later)
     * @param ofFollower whether a replica fetches, not a consumer
     */
    public FetchSession(boolean byId, boolean ofFollower) {
        this.byId = byId;
        this.ofFollower = ofFollower;
    }

    /** {@link #NONE} where it is not kept. */
    public int id() {
        return id;
    }

    public boolean isByTopicId() {
        return byId;
    }

    public boolean isOfFollower() {
        return ofFollower;
    }

    /** Partitions followed. */
    public int size() {
        return size;
    }

    void keptAs(int newId) {
        id = newId;
    }

    /** Whether a request of that epoch is the next; if so the one after it is expected from now on. */
    public synchronized Errors admit(int epoch) {
        if (closed) {
            return Errors.FETCH_SESSION_ID_NOT_FOUND;
        }
        if (epoch != nextEpoch) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        return Errors.NONE;
    }

    /** Follows a partition, or follows it otherwise than before; it is looked at next. */
    public synchronized void follow(
            String topic,
            TopicId topicId,
            int number,
            long fetchOffset,
            int maxBytes,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            long logStartOffset,
            long highWatermark) {
        Object key = key(topic, topicId, number);
        FetchedPartition fetched = partitions.get(key);
        if (fetched == null) {
            fetched = new FetchedPartition(this, topic, topicId, number);
            partitions.put(key, fetched);
            size = partitions.size();
        }
        fetched.want(fetchOffset, maxBytes, currentLeaderEpoch, lastFetchedEpoch, logStartOffset, highWatermark);
        enqueue(fetched);
    }

    /** Follows a partition no longer. */
    public synchronized void forget(String topic, TopicId topicId, int number) {
        FetchedPartition fetched = partitions.remove(key(topic, topicId, number));
        if (fetched != null) {
            fetched.unwatch();
            queue.remove(fetched);
            fetched.queued = false;
            fetched.forgotten = true;
            size = partitions.size();
        }
    }

    private Object key(String topic, TopicId topicId, int number) {
        return byId ? new IdPartition(topicId, number) : new TopicPartition(topic, number);
    }

    /** Watches nothing any more; a fetch that waits is answered with what there is. Never under this monitor. */
    void close() {
        FetchTurn waiting;
        synchronized (this) {
            closed = true;
            partitions.values().forEach(FetchedPartition::unwatch);
            waiting = turn;
        }
        if (waiting != null) {
            waiting.hurry();
        }
    }

    /** Makes a fetch the one that is told of news; one that still waited is answered with what there is. */
    void begin(FetchTurn next) {
        FetchTurn before = turn;
        if (before != null) {
            before.hurry();
        }
        turn = next;
    }

    void end(FetchTurn done) {
        if (done.equals(turn)) {
            turn = null;
        }
    }

    /** Any thread: a partition may have news. */
    void marked(FetchedPartition fetched) {
        marked.add(fetched);
        FetchTurn waiting = turn;
        if (waiting != null) {
            waiting.wake();
        }
    }

    // ---- under the monitor, by the session's turn ----

    boolean isKept() {
        return id != NONE && !closed;
    }

    /** A fetch without session begins to wait: whatever came since it looked is looked at once more. */
    void watchAll() {
        for (FetchedPartition fetched : partitions.values()) {
            if (fetched.partition != null) {
                fetched.watch(fetched.partition);
                enqueue(fetched);
            }
        }
    }

    void unwatchAll() {
        partitions.values().forEach(FetchedPartition::unwatch);
    }

    /** Those that may have news, in the order in which they are looked at. */
    ArrayDeque<FetchedPartition> queue() {
        for (FetchedPartition fetched = marked.poll(); fetched != null; fetched = marked.poll()) {
            fetched.unmark();
            if (!fetched.forgotten) {
                enqueue(fetched);
            }
        }
        return queue;
    }

    Collection<FetchedPartition> all() {
        return partitions.values();
    }

    void enqueue(FetchedPartition fetched) {
        if (!fetched.queued) {
            fetched.queued = true;
            queue.add(fetched);
        }
    }
}
