package io.ottla.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at a listener's door. An address with too many connections is refused at once. A listener or broker that is
 * full, or that they come to faster than allowed, stops accepting: who comes then waits in the system's backlog. An
 * inter-broker listener beside others heeds only limits of its own, so that clients can't lock brokers out.
 *
 * <p>Belongs to the listening channel's event loop.
 */
final class ConnectionGate extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);

    private final ServerListener listener;
    private final ServerContext server;
    private final ConnectionCounts counts;
    private final ConnectionRates rates;
    private final Runnable whenFreed = this::onFreed;
    private final AtomicInteger here = new AtomicInteger();
    private Channel channel;
    private boolean open;
    private boolean pausedByRate;
    private volatile boolean full;
    private volatile long blockedSinceNs;
    private final AtomicLong blockedNs = new AtomicLong();

    ConnectionGate(ServerListener listener, ServerContext server, ConnectionCounts counts, ConnectionRates rates) {
        this.listener = listener;
        this.server = server;
        this.counts = counts;
        this.rates = rates;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        counts.onFreed(whenFreed);
    }

    /** The listener has been closed. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        counts.forget(whenFreed);
        ctx.fireChannelInactive();
    }

    /** Lets connections in from now on. */
    void open() {
        onLoop(() -> {
            open = true;
            update();
        });
    }

    /** Looks again whether there is room, after limits have changed. */
    void limitsChanged() {
        onLoop(this::update);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel child = (Channel) message;
        if (!(child.remoteAddress() instanceof InetSocketAddress peer)) {
            child.unsafe().closeForcibly();
            return;
        }
        InetAddress address = peer.getAddress();
        if (!counts.admit(address)) {
            server.metrics().turnedAway(listener);
            server.logLine(more -> LOG.warn(
                    "Refusing a connection of {} on {}: it has as many as max.connections.per.ip allows{}",
                    address.getHostAddress(),
                    listener.name(),
                    more));
            child.unsafe().closeForcibly();
            return;
        }
        here.incrementAndGet();
        child.closeFuture().addListener(gone -> {
            here.decrementAndGet();
            counts.release(address);
        });
        ctx.fireChannelRead(child);
        pace();
        update();
    }

    private void pace() {
        long waitMs = rates.take(listener);
        if (waitMs > 0) {
            pausedByRate = true;
            server.timer()
                    .schedule(
                            waitMs,
                            () -> onLoop(() -> {
                                pausedByRate = false;
                                // Takes what the last one took on credit.
                                pace();
                                update();
                            }));
        }
    }

    private void onFreed() {
        if (full) {
            onLoop(this::update);
        }
    }

    private void update() {
        full = !hasRoom();
        boolean accept = open && !full && !pausedByRate;
        if (channel.config().isAutoRead() != accept) {
            channel.config().setAutoRead(accept);
            long now = server.clock().monotonicNs();
            if (!accept) {
                blockedSinceNs = now;
            } else if (blockedSinceNs != 0) {
                blockedNs.addAndGet(now - blockedSinceNs);
                blockedSinceNs = 0;
            }
        }
        if (full && hasRoom()) {
            // One left between the two looks.
            onLoop(this::update);
        }
    }

    private boolean hasRoom() {
        return here.get() < counts.maxOf(listener) && (listener.isShielded() || counts.hasRoom());
    }

    /** For how long in all it has not accepted since it was opened, in nanoseconds. */
    long blockedNs() {
        long since = blockedSinceNs;
        return blockedNs.get() + (since == 0 ? 0 : server.clock().monotonicNs() - since);
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("{} no longer accepts", listener.name());
        }
    }
}
