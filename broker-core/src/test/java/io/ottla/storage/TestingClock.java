package io.ottla.storage;

import io.ottla.time.Clock;

/** Time that stands still until it is moved, or goes on whenever somebody looks. */
final class TestingClock implements Clock {
    private long wallMs = 1_700_000_000_000L;
    private long monotonicNs = 1_000_000_000;
    private long lookMs;

    void advance(long ms) {
        wallMs += ms;
        monotonicNs += ms * 1_000_000;
    }

    /** From now on each look at the monotonic time finds it that much later. */
    void advanceWithEachLook(long ms) {
        lookMs = ms;
    }

    @Override
    public long wallMs() {
        return wallMs;
    }

    @Override
    public long monotonicNs() {
        advance(lookMs);
        return monotonicNs;
    }
}
