package io.ottla.storage;

import io.ottla.time.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Lets one fsync serve all who wait for it. A round takes everything that waits and forces each log once; what arrives
 * meanwhile gathers for the next round. A round begins (BookKeeper's three triggers)
 *
 * <ul>
 *   <li>when nothing else is being forced: who is alone does not wait for company;
 *   <li>beside a running one when enough bytes wait;
 *   <li>beside a running one when the oldest has waited long enough, so that one slow log does not hold up the others.
 * </ul>
 *
 * Thread-safe. One log is in one round at a time; that is the log's own doing.
 */
final class GroupCommit {
    private static final int MAX_ROUNDS = 4;
    private static final long MAX_WAITING_BYTES = 8L << 20;
    private static final long MAX_WAIT_MS = 10;

    /** A log as it is forced. */
    interface Member {
        /** Forces everything appended so far and returns up to which offset. Blocks; null where the disk failed. */
        Long commit();
    }

    private final Executor threads;
    private final Timer timer;
    private final Object lock = new Object();
    private Map<Member, List<CompletableFuture<Long>>> waiting = new LinkedHashMap<>();
    private long waitingBytes;
    private int rounds;

    GroupCommit(Executor threads, Timer timer) {
        this.threads = threads;
        this.timer = timer;
    }

    /**
     * Asks that all that the log holds now be forced.
     *
     * @param bytes that were appended since it asked last
     * @param waiter completed with the offset reached, or with null where the disk failed; null where nobody waits
     */
    void request(Member member, int bytes, CompletableFuture<Long> waiter) {
        boolean start;
        boolean watch = false;
        synchronized (lock) {
            boolean first = waiting.isEmpty();
            List<CompletableFuture<Long>> waiters = waiting.computeIfAbsent(member, m -> new ArrayList<>(2));
            if (waiter != null) {
                waiters.add(waiter);
            }
            waitingBytes += bytes;
            start = rounds == 0 || waitingBytes >= MAX_WAITING_BYTES && rounds < MAX_ROUNDS;
            if (start) {
                rounds++;
            } else {
                watch = first;
            }
        }
        if (start) {
            threads.execute(this::round);
        } else if (watch) {
            timer.schedule(MAX_WAIT_MS, this::startOverdue);
        }
    }

    private void startOverdue() {
        synchronized (lock) {
            if (waiting.isEmpty() || rounds >= MAX_ROUNDS) {
                return;
            }
            rounds++;
        }
        threads.execute(this::round);
    }

    private void round() {
        while (true) {
            Map<Member, List<CompletableFuture<Long>>> group;
            synchronized (lock) {
                if (waiting.isEmpty()) {
                    rounds--;
                    return;
                }
                group = waiting;
                waiting = new LinkedHashMap<>();
                waitingBytes = 0;
            }
            group.forEach(GroupCommit::commit);
        }
    }

    private static void commit(Member member, List<CompletableFuture<Long>> waiters) {
        Long reached = member.commit();
        for (CompletableFuture<Long> waiter : waiters) {
            waiter.complete(reached);
        }
    }
}
