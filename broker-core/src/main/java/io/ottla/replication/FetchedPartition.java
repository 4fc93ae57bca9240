package io.ottla.replication;

import io.ottla.types.TopicId;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A partition as one fetcher follows it: what it wants, what it was last told, and whether there may be more. It watches
 * the partition, so that a fetch looks only at what has changed (KIP-227). Guarded by its session, but for the mark.
 */
public final class FetchedPartition extends Watcher {
    static final long NOT_HELD = Long.MAX_VALUE;

    private final FetchSession session;
    private final String topic;
    private final TopicId topicId;
    private final int number;
    private final AtomicBoolean marked = new AtomicBoolean();

    private long fetchOffset;
    private int maxBytes;
    private int currentLeaderEpoch;
    private int lastFetchedEpoch;
    private long logStartOffset;

    /** What it watches; null before it is first looked at, and where this broker does not hold it. */
    Partition partition;

    boolean watching;
    /** Whether it is in the session's queue of those to look at. */
    boolean queued;
    /** Whether the session follows it no longer. */
    boolean forgotten;
    /** Bytes that the last look found, and how much the partition had taken in before that look. */
    int foundBytes;

    long seenAppendedBytes;
    /** Up to where a transaction that is open let the last look see, of what is committed. */
    long heldAt = NOT_HELD;

    Role seenRole;
    PartitionRead result;
    long toldHighWatermark = -1;
    long toldLogStart = -1;

    FetchedPartition(FetchSession session, String topic, TopicId topicId, int number) {
        this.session = session;
        this.topic = topic;
        this.topicId = topicId;
        this.number = number;
    }

    /**
     * Takes over what a request says.
     *
     * @param currentLeaderEpoch -1 where it says none; likewise {@code lastFetchedEpoch}
     * @param logStartOffset of a follower's log; -1 from consumers
     * @param highWatermark as a follower knows it (KIP-1166), who may have dropped an answer that said more; {@link
     *     Long#MAX_VALUE} where it does not say
     */
    void want(
            long fetchOffset,
            int maxBytes,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            long logStartOffset,
            long highWatermark) {
        this.fetchOffset = fetchOffset;
        this.maxBytes = maxBytes;
        this.currentLeaderEpoch = currentLeaderEpoch;
        this.lastFetchedEpoch = lastFetchedEpoch;
        this.logStartOffset = logStartOffset;
        if (highWatermark < fetchOffset && highWatermark < toldHighWatermark) {
            toldHighWatermark = highWatermark;
        }
    }

    /** The topic's name; null where only its id was given and nobody here knows it. */
    public String topic() {
        return topic;
    }

    public TopicId topicId() {
        return topicId;
    }

    public int number() {
        return number;
    }

    public long fetchOffset() {
        return fetchOffset;
    }

    public int maxBytes() {
        return maxBytes;
    }

    public int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    public int lastFetchedEpoch() {
        return lastFetchedEpoch;
    }

    public long logStartOffset() {
        return logStartOffset;
    }

    /** Null where this broker does not hold it. */
    public Partition partition() {
        return partition;
    }

    /** What the look that is being answered found. */
    public PartitionRead result() {
        return result;
    }

    @Override
    protected void changed() {
        if (marked.compareAndSet(false, true)) {
            session.marked(this);
        }
    }

    @Override
    protected boolean seesLogEnd() {
        return session.isOfFollower();
    }

    void unmark() {
        marked.set(false);
    }

    void watch(Partition found) {
        if (partition != found) {
            unwatch();
            partition = found;
        }
        if (found != null && !watching) {
            watching = true;
            found.watch(this);
        }
    }

    void unwatch() {
        if (watching) {
            partition.unwatch(this);
            watching = false;
        }
    }

    /** Whether a look that finds this is told to a fetcher that was told all before. */
    boolean isNews() {
        return switch (result) {
            case PartitionRead.Found found ->
                found.bytes() > 0
                        || found.highWatermark() != toldHighWatermark
                        || found.logStartOffset() != toldLogStart;
            case PartitionRead.Diverged _, PartitionRead.Elsewhere _, PartitionRead.Refused _ -> true;
        };
    }

    /** Notes what the fetcher is being told. Answers whether to look again although nothing may have changed. */
    boolean told() {
        return switch (result) {
            case PartitionRead.Found found -> {
                toldHighWatermark = found.highWatermark();
                toldLogStart = found.logStartOffset();
                yield found.bytes() > 0;
            }
            case PartitionRead.Diverged _, PartitionRead.Elsewhere _, PartitionRead.Refused _ -> {
                toldHighWatermark = -1;
                yield true;
            }
        };
    }
}
