package io.ottla.app.process;

import io.ottla.time.Clock;

/** A clock that the test sets. */
final class TestingClock implements Clock {
    long nowNs = -7;

    @Override
    public long wallMs() {
        return nowNs / 1_000_000;
    }

    @Override
    public long monotonicNs() {
        return nowNs;
    }
}
