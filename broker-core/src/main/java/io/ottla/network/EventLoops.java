package io.ottla.network;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.ottla.config.NetworkProperties;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The threads that connections live on: one group for clients, one for what brokers say to each other, so that no
 * client's load delays replication. Native epoll where the system has it, else NIO. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    private static final int PAGE_BYTES = 8 << 10;
    /** Chunks of 4 MiB: 8 KiB shifted by so much. */
    private static final int CHUNK_ORDER = 9;

    private static final long STOP_MS = 5_000;

    private final ResizableLoops clients;
    private final EventLoopGroup brokers;
    private final int brokerThreads;
    private final PooledByteBufAllocator buffers;
    private final boolean epoll;
    private final Map<EventExecutor, Integer> indexes = Collections.synchronizedMap(new IdentityHashMap<>());
    private final List<Long> threadIds = Collections.synchronizedList(new ArrayList<>());
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Starts no thread before the first connection. */
    public EventLoops(NetworkProperties properties) {
        this(properties.networkThreads(), properties.interBrokerThreads(), Epoll.isAvailable());
    }

    /** @param epoll false for NIO, though the system may have epoll */
    EventLoops(int clientThreads, int brokerThreads, boolean epoll) {
        this.epoll = epoll;
        this.brokerThreads = brokerThreads;
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        DefaultThreadFactory clientLoops = new DefaultThreadFactory("ottla-network", true);
        clients = new ResizableLoops(() -> new MultiThreadIoEventLoopGroup(1, clientLoops, handlers), clientThreads);
        brokers = new MultiThreadIoEventLoopGroup(
                brokerThreads, new DefaultThreadFactory("ottla-interbroker", true), handlers);
        int arenas = clientThreads + brokerThreads;
        buffers = new PooledByteBufAllocator(true, 1, arenas, PAGE_BYTES, CHUNK_ORDER, 256, 64, false);
        for (EventLoopGroup group : List.of(clients, brokers)) {
            for (EventExecutor loop : group) {
                indexes.put(loop, indexes.size());
            }
        }
    }

    EventLoopGroup clients() {
        return clients;
    }

    EventLoopGroup brokers() {
        return brokers;
    }

    ByteBufAllocator buffers() {
        return buffers;
    }

    /** What buffers have taken from the system, in use or kept for the next. */
    long bufferBytes() {
        return buffers.metric().usedDirectMemory();
    }

    Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends Channel> clientChannel() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** All loops, of both groups, that new connections use. */
    int count() {
        return clients.used() + brokerThreads;
    }

    /** All loops there ever were; their numbers lie below this. */
    int made() {
        return indexes.size();
    }

    /** Those that new connections of clients use. */
    int clientCount() {
        return clients.used();
    }

    /** The number of a loop, from 0: Kafka's {@code networkProcessor}. */
    int index(EventLoop loop) {
        return indexes.get(loop);
    }

    /** Starts all threads, so that their use can be measured. */
    void start() {
        for (EventLoopGroup group : List.of(clients, brokers)) {
            for (EventExecutor loop : group) {
                start(loop);
            }
        }
    }

    private void start(EventExecutor loop) {
        loop.execute(() -> threadIds.add(Thread.currentThread().threadId()));
    }

    /**
     * Lets new connections of clients use so many loops; those that are there stay where they are.
     *
     * @param clientThreads 1 or more
     */
    void resize(int clientThreads) {
        clients.resize(clientThreads, loop -> {
            indexes.put(loop, indexes.size());
            start(loop);
        });
    }

    /** What all loops have used of the processors, in nanoseconds. */
    long cpuNs() {
        long sum = 0;
        synchronized (threadIds) {
            for (long id : threadIds) {
                sum += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return sum;
    }

    /** Ends all threads, within 5 s. Connections are closed before. */
    @Override
    public void close() {
        var clientsGone = clients.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS);
        var brokersGone = brokers.shutdownGracefully(0, STOP_MS, TimeUnit.MILLISECONDS);
        clientsGone.awaitUninterruptibly(STOP_MS);
        brokersGone.awaitUninterruptibly(STOP_MS);
    }
}
