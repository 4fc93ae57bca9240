package io.ottla.network;

import java.util.function.Consumer;

/**
 * Whether a connection begins nothing for now, because it was throttled. The longest of its throttles counts. Belongs to
 * the connection's event loop.
 */
final class Muting {
    private final ServerContext server;
    private final Consumer<Runnable> loop;
    private final Runnable whenOver;
    private boolean muted;
    private long untilNs;

    /** @param loop runs tasks on the connection's event loop */
    Muting(ServerContext server, Consumer<Runnable> loop, Runnable whenOver) {
        this.server = server;
        this.loop = loop;
        this.whenOver = whenOver;
    }

    boolean isMuted() {
        return muted;
    }

    void mute(int ms, long nowNs) {
        long until = nowNs + ms * 1_000_000L;
        if (muted && until - untilNs <= 0) {
            return;
        }
        muted = true;
        untilNs = until;
        server.timer().schedule(ms, () -> loop.accept(this::end));
    }

    private void end() {
        if (muted && server.clock().monotonicNs() - untilNs >= 0) {
            muted = false;
            whenOver.run();
        }
    }
}
