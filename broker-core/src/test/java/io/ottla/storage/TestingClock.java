package io.ottla.storage;

import io.ottla.time.Clock;

/** Time that stands still until it is moved. */
final class TestingClock implements Clock {
    private long wallMs = 1_700_000_000_000L;
    private long monotonicNs = 1_000_000_000;

    void advance(long ms) {
        wallMs += ms;
        monotonicNs += ms * 1_000_000;
    }

    @Override
    public long wallMs() {
        return wallMs;
    }

    @Override
    public long monotonicNs() {
        return monotonicNs;
    }
}
