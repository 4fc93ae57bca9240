package io.ottla.replication;

import io.ottla.time.Clock;
import java.util.Arrays;

/**
 * Measures the bytes of throttled replicas over a window that slides, and says whether there have been more than allowed
 * (KIP-73). Thread-safe; where nothing is throttled nobody asks.
 *
 * <pre>
 *   windows of equal length, the last one open        rate = sum / time since the oldest began, or at least one window
 *   │ 3 │ 0 │ 7 │ 2 … now
 * </pre>
 */
final class ReplicationThrottle {
    private static final double SECOND_NS = 1_000_000_000;

    private final Clock clock;
    private final long windowNs;
    /** Bytes by number of the window, modulo their count. */
    private final long[] bytes;

    private final long originNs;
    private volatile long bytesPerSecond;
    /** The number of the window that is open. */
    private long current;

    /** Of the first window that counts. */
    private long first;

    /** @param bytesPerSecond {@link Long#MAX_VALUE} for no limit */
    ReplicationThrottle(long bytesPerSecond, int windows, int windowSeconds, Clock clock) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.windowNs = windowSeconds * (long) SECOND_NS;
        this.bytes = new long[windows];
        this.originNs = clock.monotonicNs();
    }

    /** From now on so many are allowed. */
    void allow(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** So many have moved. Idle time before the first of them counts for nothing: it is not saved up. */
    synchronized void note(int count) {
        slide();
        if (sum() == 0) {
            first = current;
        }
        bytes[(int) (current % bytes.length)] += count;
    }

    boolean isExceeded() {
        long allowed = bytesPerSecond;
        return allowed != Long.MAX_VALUE && rate() > allowed;
    }

    /** Bytes a second, over the windows. */
    synchronized double rate() {
        slide();
        long elapsedNs = clock.monotonicNs() - originNs - first * windowNs;
        return sum() * SECOND_NS / Math.max(elapsedNs, windowNs);
    }

    private long sum() {
        long sum = 0;
        for (long count : bytes) {
            sum += count;
        }
        return sum;
    }

    private void slide() {
        long now = (clock.monotonicNs() - originNs) / windowNs;
        if (now - current >= bytes.length) {
            Arrays.fill(bytes, 0);
        } else {
            for (long gone = current + 1; gone <= now; gone++) {
                bytes[(int) (gone % bytes.length)] = 0;
            }
        }
        current = now;
        first = Math.max(first, now - bytes.length + 1);
    }
}
