package io.ottla.time;

import java.util.concurrent.atomic.AtomicLong;

/**
 * So many a second and no more: a bucket that refills steadily and holds one second's worth. For log lines and
 * connections. Thread-safe; neither locks nor allocates.
 */
public final class Allowance {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Clock clock;
    private final long everyNs;
    private final long burstNs;
    /** The monotonic time up to which has been spent; behind now by as much as may be taken at once. */
    private final AtomicLong spentNs;

    /** @param perSecond 1 or more */
    public Allowance(Clock clock, int perSecond) {
        this.clock = clock;
        this.everyNs = Math.max(1, SECOND_NS / perSecond);
        this.burstNs = everyNs * perSecond;
        this.spentNs = new AtomicLong(clock.monotonicNs() - burstNs);
    }

    /** Takes one where there is one. */
    public boolean tryTake() {
        return take() == 0;
    }

    /** Takes one and returns 0, or takes none and says in how many milliseconds there will be one. */
    public long take() {
        while (true) {
            long now = clock.monotonicNs();
            long seen = spentNs.get();
            long base = now - seen > burstNs ? now - burstNs : seen;
            long after = base + everyNs;
            if (after - now > 0) {
                return Math.max(1, (after - now + 999_999) / 1_000_000);
            }
            if (spentNs.compareAndSet(seen, after)) {
                return 0;
            }
        }
    }
}
