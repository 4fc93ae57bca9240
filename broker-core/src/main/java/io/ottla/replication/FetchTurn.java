package io.ottla.replication;

import io.ottla.storage.FileSlice;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One fetch: looks at a session's partitions, and where that is too little waits for more until its time is up. Whoever
 * makes news only marks it and hands the turn to the fetcher's own loop. Ends once.
 */
public abstract class FetchTurn {
    /**
     * What a fetch asks for besides partitions.
     *
     * @param limit up to where it sees logs
     * @param maxWaitMs 0 or less doesn't wait
     * @param minBytes waits for so many; 0 or less doesn't wait
     * @param maxBytes takes no more, but for one batch that is larger
     * @param anyReplica whether replicas that don't lead serve it (KIP-392)
     * @param tellsCommitted whether it is answered as soon as more is committed: consumers read from this follower
     */
    public record Terms(
            ReadLimit limit, long maxWaitMs, int minBytes, int maxBytes, boolean anyReplica, boolean tellsCommitted) {}

    private enum Seen {
        /** An answer, or a partition that is reason enough for one. */
        ENOUGH,
        TOO_LITTLE,
        /** To be looked at where one may block. */
        COLD
    }

    private final FetchSession session;
    private final boolean whole;
    private final Terms terms;
    private final Executor loop;
    private final AtomicInteger waitingTurns;
    private final Executor readers;
    private final AtomicBoolean handedOver = new AtomicBoolean();
    private final AtomicBoolean stepping = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final ArrayList<FetchedPartition> looked = new ArrayList<>();
    private boolean done;
    private boolean waiting;
    private volatile boolean hurried;
    private Timer timer;
    private int bytes;
    private int catchUpBytes;
    private Timer.Timeout timeout;

    /**
     * @param whole whether the answer shows every partition of the session, not only news
     * @param loop where the turn goes on after it has waited
     * @param readers where it looks when that touches the disk
     * @param waitingTurns counts turns that wait
     */
    protected FetchTurn(
            FetchSession session,
            boolean whole,
            Terms terms,
            Executor loop,
            Executor readers,
            AtomicInteger waitingTurns) {
        this.session = session;
        this.whole = whole;
        this.terms = terms;
        this.loop = loop;
        this.readers = readers;
        this.waitingTurns = waitingTurns;
    }

    /**
     * Why the fetcher may not read it, or null. Also finds the partition: null where this broker does not hold it, which
     * is then a refusal.
     */
    protected abstract Lookup find(FetchedPartition fetched);

    /** Notes that a read went well; why it must be refused all the same, or null. */
    protected abstract Failure served(FetchedPartition fetched);

    /** The replica that is to be read instead of this one, which leads; null for this one. */
    protected abstract BrokerId elsewhere(FetchedPartition fetched);

    /**
     * Whether the fetcher is a follower that is not in sync. Each fetch looks at it then, be there news or not, since its
     * progress decides something; and it leaves half of the answer to those that are.
     */
    protected abstract boolean isCatchingUp(FetchedPartition fetched);

    /** Whether it gets no records for now, being throttled. */
    protected abstract boolean isHeldBack(FetchedPartition fetched);

    /** A partition, or why it can't be read. One of them is null. */
    public record Lookup(Partition partition, Failure refusal) {}

    /**
     * Makes the answer, while nothing moves. Owns the slices of all results from now on.
     *
     * @param news the partitions to show, in order
     * @param bytes of all batches in them
     */
    protected abstract void prepare(List<FetchedPartition> news, int bytes);

    /** Sends the answer that was made. No lock is held. */
    protected abstract void send();

    /** Looks for the first time. On the loop. */
    public final void start(Timer timer) {
        this.timer = timer;
        session.begin(this);
        step();
    }

    /** Any thread: there may be news. Coalesces. */
    final void wake() {
        if (handedOver.compareAndSet(false, true)) {
            try {
                loop.execute(this::woken);
            } catch (RejectedExecutionException closing) {
                woken();
            }
        }
    }

    /** Any thread: answers with what there is. */
    public final void hurry() {
        hurried = true;
        wake();
    }

    private void woken() {
        handedOver.set(false);
        step();
    }

    /** One thread at a time steps; one that finds another at it leaves word and goes. */
    private void step() {
        if (stepping.compareAndSet(false, true)) {
            step(false);
        } else {
            again.set(true);
            if (!stepping.get() && again.getAndSet(false)) {
                wake();
            }
        }
    }

    private void step(boolean mayBlock) {
        Seen seen;
        synchronized (session) {
            seen = done ? Seen.TOO_LITTLE : lookIfWorthIt(mayBlock);
        }
        if (seen == Seen.COLD) {
            readers.execute(() -> step(true));
            return;
        }
        stepping.set(false);
        if (seen == Seen.ENOUGH) {
            send();
        } else if (again.getAndSet(false)) {
            wake();
        }
    }

    private Seen lookIfWorthIt(boolean mayBlock) {
        boolean last = hurried || terms.maxWaitMs() <= 0 || terms.minBytes() <= 0 || session.size() == 0;
        if (waiting && !last && !isWorthLooking()) {
            return Seen.TOO_LITTLE;
        }
        Seen seen = look(last, mayBlock);
        if (seen == Seen.TOO_LITTLE && !waiting) {
            waiting = true;
            waitingTurns.incrementAndGet();
            timeout = timer.schedule(terms.maxWaitMs(), this::hurry);
            if (!session.isKept()) {
                session.watchAll();
                wake();
            }
        }
        return seen;
    }

    /** Whether what has been marked may be enough: what the last look found, and what has come since. */
    private boolean isWorthLooking() {
        long available = 0;
        for (FetchedPartition fetched : session.queue()) {
            Partition partition = fetched.partition;
            if (partition == null
                    || !partition.role().equals(fetched.seenRole)
                    || lacksCommitted(fetched)
                    || isReleased(fetched)) {
                return true;
            }
            if (isBelowLimit(partition, fetched.fetchOffset())) {
                available += fetched.foundBytes + partition.appendedBytes() - fetched.seenAppendedBytes;
            }
        }
        return available >= terms.minBytes();
    }

    /** Whether the fetcher is to be told at once that more is committed. */
    private boolean lacksCommitted(FetchedPartition fetched) {
        return terms.tellsCommitted() && fetched.partition.highWatermark() > fetched.toldHighWatermark;
    }

    /** Whether a transaction has ended that held back what was there already when it was looked at. */
    private static boolean isReleased(FetchedPartition fetched) {
        return fetched.heldAt != FetchedPartition.NOT_HELD && fetched.partition.lastStableOffset() > fetched.heldAt;
    }

    private boolean isBelowLimit(Partition partition, long offset) {
        return offset < partition.endFor(terms.limit());
    }

    /** Looks at what may have news; makes the answer where that is enough, or the last chance. */
    private Seen look(boolean last, boolean mayBlock) {
        ArrayDeque<FetchedPartition> queue = session.queue();
        if (whole) {
            for (FetchedPartition fetched : session.all()) {
                session.enqueue(fetched);
            }
        }
        bytes = 0;
        catchUpBytes = 0;
        looked.clear();
        boolean enough = last;
        for (int left = queue.size(); left > 0 && (whole || bytes < terms.maxBytes()); left--) {
            FetchedPartition fetched = queue.poll();
            fetched.queued = false;
            Seen seen = look(fetched, mayBlock);
            if (seen == Seen.COLD) {
                fetched.queued = true;
                queue.addFirst(fetched);
                putBack();
                return Seen.COLD;
            }
            enough |= seen == Seen.ENOUGH;
            looked.add(fetched);
        }
        enough |= bytes >= terms.minBytes();
        if (!enough) {
            putBack();
            return Seen.TOO_LITTLE;
        }
        finish();
        return Seen.ENOUGH;
    }

    /** Looks at one. */
    private Seen look(FetchedPartition fetched, boolean mayBlock) {
        Lookup lookup = find(fetched);
        Partition partition = lookup.partition();
        if (partition == null || lookup.refusal() != null) {
            fetched.unwatch();
            fetched.partition = null;
            fetched.foundBytes = 0;
            fetched.heldAt = FetchedPartition.NOT_HELD;
            fetched.result = new PartitionRead.Refused(lookup.refusal());
            return Seen.ENOUGH;
        }
        if (session.isKept() || fetched.watching) {
            fetched.watch(partition);
        }
        fetched.partition = partition;
        boolean catchesUp = isCatchingUp(fetched);
        boolean heldBack = catchesUp && isHeldBack(fetched);
        int room = heldBack ? 0 : room(fetched, catchesUp);
        if (!mayBlock
                && partition.serves(terms.anyReplica())
                && partition.isCold(fetched.fetchOffset(), terms.limit(), room)) {
            return Seen.COLD;
        }
        fetched.seenRole = partition.role();
        fetched.seenAppendedBytes = partition.appendedBytes();
        BrokerId elsewhere = elsewhere(fetched);
        fetched.result = elsewhere == null
                ? partition.read(
                        fetched.fetchOffset(),
                        fetched.currentLeaderEpoch(),
                        fetched.lastFetchedEpoch(),
                        terms.limit(),
                        terms.anyReplica(),
                        room,
                        bytes == 0 && !heldBack)
                : partition.sendTo(elsewhere);
        if (fetched.result instanceof PartitionRead.Found found) {
            Failure refusal = served(fetched);
            if (refusal != null) {
                release(fetched);
                fetched.result = new PartitionRead.Refused(refusal);
            } else if (terms.limit() == ReadLimit.LOG_END && partition.highWatermark() > found.highWatermark()) {
                // The follower's own fetch has moved it: it need not wait for the next to hear of that.
                fetched.result = found.committedTo(partition.highWatermark());
            }
        }
        fetched.foundBytes = fetched.result instanceof PartitionRead.Found found ? found.bytes() : 0;
        fetched.heldAt = heldAt(fetched.result);
        bytes += fetched.foundBytes;
        catchUpBytes += catchesUp ? fetched.foundBytes : 0;
        return fetched.result instanceof PartitionRead.Found && !lacksCommitted(fetched)
                ? Seen.TOO_LITTLE
                : Seen.ENOUGH;
    }

    private long heldAt(PartitionRead result) {
        boolean isHeld = terms.limit() == ReadLimit.LAST_STABLE
                && result instanceof PartitionRead.Found found
                && found.lastStableOffset() < found.highWatermark();
        return isHeld ? ((PartitionRead.Found) result).lastStableOffset() : FetchedPartition.NOT_HELD;
    }

    private int room(FetchedPartition fetched, boolean catchesUp) {
        int left = terms.maxBytes() - bytes;
        if (catchesUp) {
            left = Math.min(left, terms.maxBytes() / 2 - catchUpBytes);
        }
        return Math.max(0, Math.min(left, fetched.maxBytes()));
    }

    /** Too little yet: gives back what was found; what had news stays queued, in its order. */
    private void putBack() {
        for (int i = looked.size() - 1; i >= 0; i--) {
            FetchedPartition fetched = looked.get(i);
            boolean again = fetched.isNews() || isLeftOut(fetched) || isCatchingUp(fetched);
            release(fetched);
            if (again && !fetched.queued) {
                fetched.queued = true;
                session.queue().addFirst(fetched);
            }
        }
        looked.clear();
    }

    /** Whether there are batches for it that had no room. */
    private boolean isLeftOut(FetchedPartition fetched) {
        return fetched.result instanceof PartitionRead.Found found
                && found.bytes() == 0
                && isBelowLimit(fetched.partition, fetched.fetchOffset());
    }

    private static void release(FetchedPartition fetched) {
        if (fetched.result instanceof PartitionRead.Found found) {
            for (FileSlice slice : found.slices()) {
                slice.release();
            }
        }
        fetched.result = null;
    }

    private void finish() {
        done = true;
        session.end(this);
        if (waiting) {
            waitingTurns.decrementAndGet();
            timeout.cancel();
        }
        List<FetchedPartition> news = looked;
        if (!whole) {
            news = new ArrayList<>(looked.size());
            for (FetchedPartition fetched : looked) {
                if (fetched.isNews()) {
                    news.add(fetched);
                }
            }
        }
        for (FetchedPartition fetched : looked) {
            if (isLeftOut(fetched) || isCatchingUp(fetched)) {
                session.enqueue(fetched);
            }
        }
        for (FetchedPartition fetched : news) {
            if (fetched.told()) {
                session.enqueue(fetched);
            }
        }
        if (!session.isKept()) {
            session.unwatchAll();
        }
        prepare(news, bytes);
        for (FetchedPartition fetched : looked) {
            fetched.result = null;
        }
    }
}
