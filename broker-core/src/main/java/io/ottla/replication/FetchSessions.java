package io.ottla.replication;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The sessions that are kept, a bounded number. A new session takes the slot of one that was not used for two minutes;
 * else of one that is more than two minutes old and smaller, and a follower's goes before a consumer's of any age
 * (KIP-227). Thread-safe.
 */
public final class FetchSessions {
    /** How long a session is safe from others that want its slot, in milliseconds. */
    static final long SAFE_MS = 120_000;

    private static final String PREFIX = "kafka_server_fetchsessioncache_";

    private final int slots;
    private final Clock clock;
    private final RandomGenerator random;
    private final Counter evictions;
    private final Map<Integer, FetchSession> kept = new HashMap<>();

    /**
     * @param slots {@code max.incremental.fetch.session.cache.slots}, 0 or more
     * @param random ids are drawn from; guarded by this object's monitor
     */
    public FetchSessions(int slots, Clock clock, RandomGenerator random, Metrics metrics) {
        this.slots = slots;
        this.clock = clock;
        this.random = random;
        evictions = metrics.counter(
                PREFIX + "incrementalfetchsessionevictions_total", "Sessions that lost their slot", Labels.NONE);
        metrics.gauge(PREFIX + "numincrementalfetchsessions", "Sessions kept", Labels.NONE, this::size);
        metrics.gauge(
                PREFIX + "numincrementalfetchpartitionscached", "Partitions in them", Labels.NONE, this::partitions);
    }

    /** Null where no such session is kept. A use keeps it young. */
    public synchronized FetchSession find(int id) {
        FetchSession session = kept.get(id);
        if (session != null) {
            session.usedMs = clock.monotonicMs();
        }
        return session;
    }

    /** Keeps a session where there is a slot for it: its id is another than {@link FetchSession#NONE} then. */
    public void keep(FetchSession session) {
        FetchSession evicted = null;
        synchronized (this) {
            long nowMs = clock.monotonicMs();
            if (kept.size() >= slots) {
                evicted = slots == 0 ? null : evictable(session, nowMs);
                if (evicted == null) {
                    return;
                }
                kept.remove(evicted.id());
                evictions.increment();
            }
            int id = random.nextInt(1, Integer.MAX_VALUE);
            while (kept.containsKey(id)) {
                id = random.nextInt(1, Integer.MAX_VALUE);
            }
            session.keptAs(id);
            session.madeMs = nowMs;
            session.usedMs = nowMs;
            kept.put(id, session);
        }
        if (evicted != null) {
            evicted.close();
        }
    }

    /** Ends a session, as its fetcher asks. Nothing happens where it is not kept. */
    public void end(int id) {
        FetchSession ended;
        synchronized (this) {
            ended = kept.remove(id);
        }
        if (ended != null) {
            ended.close();
        }
    }

    private FetchSession evictable(FetchSession newcomer, long nowMs) {
        FetchSession oldest = null;
        FetchSession least = null;
        for (FetchSession session : kept.values()) {
            if (oldest == null || session.usedMs < oldest.usedMs) {
                oldest = session;
            }
            boolean open = nowMs - session.madeMs > SAFE_MS || newcomer.isOfFollower() && !session.isOfFollower();
            if (open && (least == null || isLess(session, least))) {
                least = session;
            }
        }
        if (oldest != null && nowMs - oldest.usedMs > SAFE_MS) {
            return oldest;
        }
        return least != null && isLess(least, newcomer) ? least : null;
    }

    private static boolean isLess(FetchSession one, FetchSession other) {
        return one.isOfFollower() == other.isOfFollower() ? one.size() < other.size() : other.isOfFollower();
    }

    private synchronized int size() {
        return kept.size();
    }

    private synchronized long partitions() {
        long sum = 0;
        for (FetchSession session : kept.values()) {
            sum += session.size();
        }
        return sum;
    }
}
