package io.ottla.network;

import io.ottla.time.Timer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Tells when a connection has been idle for too long: nothing came in and nothing was to be answered
 * ({@code connections.max.idle.ms}). Belongs to the connection's event loop.
 */
final class IdleWatch {
    private final ServerContext server;
    private final Consumer<Runnable> loop;
    private final BooleanSupplier busy;
    private final Runnable whenIdle;
    private long activeNs;
    private Timer.Timeout timeout;
    private boolean stopped;

    /**
     * @param loop runs tasks on the connection's event loop
     * @param busy whether the connection has something to do, so that it is not idle though nothing came in
     */
    IdleWatch(ServerContext server, Consumer<Runnable> loop, BooleanSupplier busy, Runnable whenIdle) {
        this.server = server;
        this.loop = loop;
        this.busy = busy;
        this.whenIdle = whenIdle;
    }

    void start() {
        activeNs = server.clock().monotonicNs();
        schedule(server.idleMs());
    }

    /** Something came in. */
    void active(long nowNs) {
        activeNs = nowNs;
    }

    /** When something came in last, on the monotonic clock. */
    long activeNs() {
        return activeNs;
    }

    void stop() {
        stopped = true;
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private void schedule(long ms) {
        if (ms > 0) {
            timeout = server.timer().schedule(ms, () -> loop.accept(this::check));
        }
    }

    private void check() {
        if (stopped) {
            return;
        }
        long idleMs = (server.clock().monotonicNs() - activeNs) / 1_000_000;
        if (busy.getAsBoolean()) {
            schedule(server.idleMs());
        } else if (idleMs < server.idleMs()) {
            schedule(server.idleMs() - idleMs);
        } else {
            whenIdle.run();
        }
    }
}
