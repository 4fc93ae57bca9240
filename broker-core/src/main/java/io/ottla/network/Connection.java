package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.ottla.api.Dispatch;
import io.ottla.api.Exchange;
import io.ottla.api.Reply;
import io.ottla.api.RequestSource;
import io.ottla.protocol.BoundedReadable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One client's connection (DESIGN §4.2): finds requests, begins them in order, and answers in the same order.
 *
 * <ul>
 *   <li>A request begins when the one before has ended its first stage, and runs to the end of its own on this thread.
 *   <li>Answers that come later wait in {@link PendingReplies} for their turn; whoever completes them wakes this loop, at
 *       most once until it has looked.
 *   <li>While something stands against beginning a request ({@link #mayBegin}) nothing is read, so that the peer feels it.
 *   <li>All answers of a burst of requests are flushed at once.
 * </ul>
 *
 * <p>Belongs to its event loop, but for {@link #wake}, {@link #granted} and the timer's tasks, which hand over to it.
 */
final class Connection extends ChannelInboundHandlerAdapter implements MemoryBudget.Claimant, Answers.Listener {
    private final ServerContext server;
    private final ServerListener listener;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable onWoken = this::onWoken;
    private final BoundedReadable readable = new BoundedReadable();
    private final StartingRequest starting;
    private final IdleWatch idle;
    private final Muting muting;
    private final StallWatch stall = new StallWatch();
    private Channel channel;
    private FrameReader reader;
    private Answers answers;
    private ConnectionLog log;
    private RequestSource source;

    private boolean inputClosed;
    /** The server wants it to end soon. */
    private boolean stopping;
    /** Nothing more is begun; it closes after the answers to what was. */
    private boolean ending;

    private boolean closing;
    private boolean closed;
    private boolean working;
    private long nowNs;

    Connection(ServerContext server, ServerListener listener) {
        this.server = server;
        this.listener = listener;
        this.starting = new StartingRequest(server, listener.budget());
        this.idle = new IdleWatch(server, this::onLoop, this::isBusy, this::expire);
        this.muting = new Muting(server, this::onLoop, this::unmuted);
    }

    /** Where it came in. Any thread. */
    ServerListener listener() {
        return listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        log = new ConnectionLog(server, listener, channel);
        reader = new FrameReader(ctx.alloc(), listener.budget(), this);
        answers = new Answers(ctx, server, this::wake, this);
        if (ctx.pipeline().get(NetworkServer.TLS) == null) {
            channel.config().setRecvByteBufAllocator(reader.receiver());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        source = new RequestSource(
                listener.name(), listener.protocol(), listener.isInterBroker(), address, channel.eventLoop());
        idle.start();
        server.opened(this, listener, channel.eventLoop());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closed) {
            closed = true;
            if (source != null) {
                source.gone();
            }
            idle.stop();
            answers.close();
            reader.close();
            discardAnswers();
            server.closed(this, listener, channel.eventLoop());
        }
        ctx.fireChannelInactive();
    }

    // ---- reading and beginning -------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closed) {
            ((ByteBuf) message).release();
            return;
        }
        reader.received((ByteBuf) message);
        nowNs = server.clock().monotonicNs();
        idle.active(nowNs);
        beginRequests();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        server.checkStall(idle.activeNs(), nowNs);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            goOn();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputClosed = true;
            source.gone();
            goOn();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        log.failed(failure);
        channel.close();
    }

    private boolean mayBegin() {
        return !starting.isThere()
                && !muting.isMuted()
                && !ending
                && !closed
                && answers.hasRoom()
                && channel.isWritable();
    }

    private void beginRequests() {
        if (working) {
            return;
        }
        working = true;
        try {
            long receivedNs = nowNs;
            while (mayBegin()) {
                FrameReader.State state = reader.next(maxFrameBytes());
                if (state == FrameReader.State.FRAME) {
                    begin(receivedNs);
                } else {
                    if (state == FrameReader.State.BAD_LENGTH) {
                        refuse(ImpossibleLength.text(reader.length(), maxFrameBytes(), source.authenticated()));
                    }
                    break;
                }
            }
            if (nowNs != receivedNs) {
                server.workload().busyNs().add(nowNs - receivedNs);
            }
        } finally {
            working = false;
        }
        afterWork();
    }

    private void afterWork() {
        if (closed) {
            return;
        }
        if (ending || (inputClosed && !hasRequestToBegin())) {
            closeWhenAnswered();
        }
        boolean read = !inputClosed && !reader.waitsForMemory() && mayBegin();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private boolean hasRequestToBegin() {
        FrameReader.State state = reader.next(maxFrameBytes());
        return state == FrameReader.State.FRAME || state == FrameReader.State.NO_MEMORY;
    }

    private int maxFrameBytes() {
        return server.maxFrameBytes(source.authenticated());
    }

    private void begin(long receivedNs) {
        ByteBuf bytes = reader.buffer();
        Dispatch dispatch = server.dispatcher()
                .dispatch(source, readable.over(bytes, reader.start(), reader.length(), 0), receivedNs, nowNs);
        switch (dispatch) {
            case Dispatch.Unreadable(String why) -> {
                listener.budget().release(reader.consume());
                refuse(why);
            }
            case Exchange exchange -> begun(exchange, bytes);
        }
    }

    private void begun(Exchange exchange, ByteBuf bytes) {
        nowNs = exchange.handledNs();
        if (exchange.throttleMs() > 0) {
            muting.mute(exchange.throttleMs(), nowNs);
        }
        Reply<ApiMessage> reply = exchange.reply();
        Reply.Outcome<ApiMessage> outcome = reply.outcomeNow();
        if (outcome != null && answers.isNext()) {
            listener.budget().release(reader.consume());
            answers.send(exchange, outcome, exchange.throttleMs(), nowNs);
            return;
        }
        PendingReplies.Slot slot = answers.add(exchange);
        if (reply.isOrdered()) {
            listener.budget().release(reader.consume());
        } else {
            starting.begin(slot, bytes.retain(), reader.consume());
            reply.onOrdered(slot);
        }
        reply.onDone(slot);
        if (stopping) {
            reply.hurry();
        }
    }

    /** A line for the operator, the answers to what came before, and the end. */
    private void refuse(String why) {
        server.metrics().refused();
        log.refused(why);
        ending = true;
    }

    // ---- answering -------------------------------------------------------------------------------------

    /** Something of this connection that other threads do has come to its end. Any thread. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(onWoken);
            } catch (RejectedExecutionException stopped) {
                // The loops have ended, so that this thread is the only one left here.
                discardAnswers();
            }
        }
    }

    private void onWoken() {
        woken.set(false);
        if (closed) {
            discardAnswers();
            return;
        }
        goOn();
    }

    /** Looks at everything that may have changed, answers, begins, and flushes. */
    private void goOn() {
        if (working || closed) {
            return;
        }
        nowNs = server.clock().monotonicNs();
        starting.endIfOrdered();
        working = true;
        try {
            answers.sendInOrder(starting.slot(), nowNs);
        } finally {
            working = false;
        }
        beginRequests();
        flush();
    }

    private void flush() {
        if (!closed) {
            answers.flush(nowNs);
        }
    }

    @Override
    public void onIdle() {
        goOn();
    }

    @Override
    public void onThrottled(int ms) {
        muting.mute(ms, nowNs);
    }

    @Override
    public void onHangup(String why) {
        refuse(why);
    }

    @Override
    public void onBroken(IOException failure) {
        log.unreadable(failure);
        channel.close();
    }

    private void closeWhenAnswered() {
        if (!closing && answers.areOver()) {
            closing = true;
            ending = true;
            answers.flushAndClose();
        }
    }

    // ---- bounds ----------------------------------------------------------------------------------------

    private void unmuted() {
        idle.active(server.clock().monotonicNs());
        goOn();
    }

    /** The memory for a large request is there. Any thread. */
    @Override
    public void granted(long bytes) {
        boolean handedOver = onLoop(() -> {
            if (closed) {
                listener.budget().release(bytes);
                return;
            }
            reader.granted();
            goOn();
        });
        if (!handedOver) {
            listener.budget().release(bytes);
        }
    }

    private boolean onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** After the end: gives back what ended too late, and waits for the rest. */
    private void discardAnswers() {
        starting.endIfOrdered();
        answers.discard(starting.slot());
    }

    private boolean isBusy() {
        return muting.isMuted() || answers.arePending() || reader.waitsForMemory();
    }

    private void expire() {
        log.idle();
        server.metrics().expired();
        channel.close();
    }

    /** Closes it where it holds memory that others wait for, and its request does not grow. On its event loop. */
    void checkStalled() {
        if (closed || !reader.holdsReservedMemory() || !mayBegin()) {
            stall.rest();
            return;
        }
        long stalledNs = stall.stalledNs(reader.ownBytes(), server.clock().monotonicNs());
        if (stalledNs >= server.limits().stalledRequestMs() * 1_000_000) {
            refuse("its request has stopped at " + reader.ownBytes() + " bytes while others wait for memory");
            channel.close();
        }
    }

    Channel channel() {
        return channel;
    }

    /** Takes no more requests, answers those begun as soon as it can, and closes. On its event loop. */
    void stop() {
        if (!closed && !stopping) {
            stopping = true;
            inputClosed = true;
            answers.hurry();
            goOn();
        }
    }
}
