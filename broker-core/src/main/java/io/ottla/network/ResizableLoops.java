package io.ottla.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Event loops of which new connections use a number that may change. Loops that are no longer used keep the connections
 * they have, and wait to be used again: a connection never changes its loop, and who holds on to one may still hand it
 * work. Thread-safe.
 */
final class ResizableLoops extends AbstractEventExecutorGroup implements IoEventLoopGroup {
    private final Supplier<IoEventLoopGroup> single;
    private final List<IoEventLoopGroup> groups = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Promise<Object> terminated = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
    private volatile IoEventLoop[] all = {};
    private volatile int used;
    private boolean ending;

    /**
     * @param single makes a group of one loop
     * @param count 1 or more
     */
    ResizableLoops(Supplier<IoEventLoopGroup> single, int count) {
        this.single = single;
        resize(count, loop -> {});
    }

    /**
     * Lets new connections use so many loops.
     *
     * @param count 1 or more
     * @param made is told of each loop that is made for it, before it is used
     */
    synchronized void resize(int count, Consumer<IoEventLoop> made) {
        if (ending) {
            return;
        }
        IoEventLoop[] known = Arrays.copyOf(all, Math.max(all.length, count));
        for (int i = all.length; i < known.length; i++) {
            IoEventLoopGroup group = single.get();
            groups.add(group);
            known[i] = group.next();
            made.accept(known[i]);
        }
        all = known;
        used = count;
    }

    /** How many loops new connections use. */
    int used() {
        return used;
    }

    @Override
    public IoEventLoop next() {
        int count = used;
        return all[Math.floorMod(turn.getAndIncrement(), count)];
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return next().register(channel, promise);
    }

    /** All loops, also those that are not used now. */
    @Override
    public Iterator<EventExecutor> iterator() {
        return Arrays.<EventExecutor>asList(all).iterator();
    }

    @Override
    public synchronized Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        if (!ending) {
            ending = true;
            AtomicInteger left = new AtomicInteger(groups.size());
            for (IoEventLoopGroup group : groups) {
                group.terminationFuture().addListener(ended -> {
                    if (left.decrementAndGet() == 0) {
                        terminated.setSuccess(null);
                    }
                });
                group.shutdownGracefully(quietPeriod, timeout, unit);
            }
        }
        return terminated;
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // Netty's old name of it; nothing here calls it
    public void shutdown() {
        shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized boolean isShuttingDown() {
        return ending;
    }

    @Override
    public boolean isShutdown() {
        return terminated.isDone();
    }

    @Override
    public boolean isTerminated() {
        return terminated.isDone();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return terminated.await(timeout, unit);
    }
}
