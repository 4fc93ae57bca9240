package io.ottla.network;

import io.ottla.api.Exchange;
import io.ottla.metrics.Distribution;
import io.ottla.time.Clock;

/**
 * Measures answers on their way into a connection's socket, where it does not take them at once: one that goes out piece
 * by piece, and the last of a burst that its peer is slow to read. Belongs to the connection's event loop.
 */
final class SendTimer {
    private final Clock clock;
    private Distribution last;
    private Distribution running;
    private long sinceNs;

    SendTimer(Clock clock) {
        this.clock = clock;
    }

    /** Notes whose answer was handed over last. */
    void handedOver(Exchange exchange) {
        last = exchange.sendTimes();
    }

    boolean isRunning() {
        return running != null;
    }

    /** What was handed over last has not gone out whole. */
    void begin(long nowNs) {
        running = last;
        sinceNs = nowNs;
    }

    /** The socket has taken it. Nothing happens where nothing runs. */
    void end() {
        if (running != null) {
            running.record(clock.monotonicNs() - sinceNs);
            running = null;
        }
    }
}
