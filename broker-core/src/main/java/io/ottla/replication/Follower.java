package io.ottla.replication;

import io.ottla.types.BrokerId;

/** What a leader knows of another replica, within one leader epoch. Guarded by the partition's lock. */
final class Follower {
    private static final int STUCK_REPEATS = 2;
    private static final long STUCK_NS = 1_500_000_000L;
    private static final long SILENT_NS = 1_000_000_000L;

    final BrokerId id;
    /** Whether it has fetched in this leader's epoch; before that nothing it holds counts (Kip320.tla, rule 3). */
    boolean acknowledged;
    /** Where its log ends, as its last fetch said. */
    long endOffset = -1;
    /** Where its log starts; -1 until told. */
    long logStartOffset = -1;
    /** Of the registration under which it fetches (KIP-903); -1 where its fetches don't say. */
    long brokerEpoch = -1;
    /**
     * Whether it keeps up although it is not in sync yet: the high watermark waits for it, since under steady load it would
     * never reach it otherwise.
     */
    boolean joining;

    /** Whether {@link #caughtUpNs} counts. */
    private boolean timed;
    /** When it last had all that the leader had, or when the leader began to measure; monotonic nanoseconds. */
    private long caughtUpNs;

    /** Since when it asks for the same again and again, how often, and whether that was told. */
    private long repeatsSinceNs;

    private int repeats;
    private boolean repeatsTold;

    private long fetchedNs;
    private long leaderEndAtFetch = Long.MAX_VALUE;

    Follower(BrokerId id) {
        this.id = id;
    }

    /**
     * Notes a fetch that names this leader's epoch. It had caught up when it fetches from the leader's end, and at its
     * fetch before where it has now all that the leader had then: under load it is always a little behind.
     */
    void fetched(long fetchOffset, long logStart, long leaderEnd, long nowNs) {
        acknowledged = true;
        boolean again =
                fetchOffset == endOffset && fetchOffset < leaderEndAtFetch && leaderEndAtFetch != Long.MAX_VALUE;
        repeats = again ? repeats + 1 : 0;
        if (!again) {
            repeatsSinceNs = nowNs;
            repeatsTold = false;
        }
        endOffset = fetchOffset;
        logStartOffset = logStart;
        if (fetchOffset >= leaderEnd) {
            caughtUpNs = nowNs;
            timed = true;
        } else if (fetchOffset >= leaderEndAtFetch) {
            caughtUpNs = timed ? Math.max(caughtUpNs, fetchedNs) : fetchedNs;
            timed = true;
        }
        fetchedNs = nowNs;
        leaderEndAtFetch = leaderEnd;
    }

    /** It runs anew: what its process before held counts no more. */
    void restarted(long epoch) {
        brokerEpoch = epoch;
        acknowledged = false;
        endOffset = -1;
        joining = false;
        timed = false;
        leaderEndAtFetch = Long.MAX_VALUE;
    }

    /**
     * Whether it gets no further although there is more for it, as where it can't use what it is given. True once for an
     * offset.
     */
    boolean isStuck(long nowNs) {
        boolean stuck = !repeatsTold && repeats >= STUCK_REPEATS && nowNs - repeatsSinceNs >= STUCK_NS;
        repeatsTold |= stuck;
        return stuck;
    }

    /** Whether it has been caught up within that time. */
    boolean keepsUp(long leaderEnd, long nowNs, long lagNs) {
        return endOffset == leaderEnd || timed && nowNs - caughtUpNs <= lagNs;
    }

    /**
     * Whether it is worth waiting for: it lacks nothing, or has fetched lately. One that could fetch more and does not is
     * about to go, or has gone.
     */
    boolean isAtWork(long leaderEnd, long nowNs) {
        return endOffset == leaderEnd || nowNs - fetchedNs <= SILENT_NS;
    }

    /** Whether it has the record of that offset, or ends there, as far as is known. */
    boolean holds(long offset) {
        return acknowledged && logStartOffset <= offset && offset <= endOffset;
    }

    /** Begins to measure a member of the in-sync set of which nothing was heard yet. */
    void measureFrom(long nowNs) {
        if (!timed) {
            timed = true;
            caughtUpNs = nowNs;
        }
    }
}
