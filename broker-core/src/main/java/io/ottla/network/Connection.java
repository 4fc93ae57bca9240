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
import io.ottla.time.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
final class Connection extends ChannelInboundHandlerAdapter implements MemoryBudget.Claimant, ReplyWriter.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ServerContext server;
    private final ServerListener listener;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable onWoken = this::onWoken;
    private final BoundedReadable readable = new BoundedReadable();
    private final PendingReplies replies;
    private Channel channel;
    private FrameReader reader;
    private ReplyWriter writer;
    private RequestSource source;
    private SendTimer sending;

    /** The request whose first stage goes on elsewhere, its bytes, and what they hold of the budget. */
    private PendingReplies.Slot starting;

    private ByteBuf startingBytes;
    private long startingBudget;

    private PendingReplies.Slot exclusive;
    private boolean muted;
    private long mutedUntilNs;
    private boolean inputClosed;
    /** Nothing more is begun; it closes after the answers to what was. */
    private boolean ending;

    /** It closes now, whatever else was begun: an answer that should have gone out never will. */
    private boolean hangingUp;

    private boolean closing;
    private boolean closed;
    private boolean working;
    private long nowNs;
    private long activeNs;
    private int stalledBytes = -1;
    private long stalledSinceNs;
    private Timer.Timeout idleCheck;

    Connection(ServerContext server, ServerListener listener) {
        this.server = server;
        this.listener = listener;
        this.replies = new PendingReplies(
                server.limits().maxInFlightRequests(),
                this::wake,
                server.workload().answers(),
                server.clock());
    }

    /** Where it came in. Any thread. */
    ServerListener listener() {
        return listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        reader = new FrameReader(ctx.alloc(), listener.budget(), this);
        writer = new ReplyWriter(ctx, server.limits(), server.toucher(), server.timer(), this);
        if (ctx.pipeline().get(NetworkServer.TLS) == null) {
            channel.config().setRecvByteBufAllocator(reader.receiver());
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        source = new RequestSource(
                listener.name(), listener.protocol(), listener.isInterBroker(), address, channel.eventLoop());
        sending = new SendTimer(server.clock());
        activeNs = server.clock().monotonicNs();
        scheduleIdleCheck(server.idleMs());
        server.opened(this, listener, channel.eventLoop());
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closed) {
            closed = true;
            if (idleCheck != null) {
                idleCheck.cancel();
            }
            writer.close();
            reader.close();
            discardReplies();
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
        activeNs = nowNs;
        beginRequests();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flush();
        server.checkStall(activeNs, nowNs);
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
            goOn();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debug("Connection of {} broke: {}", channel.remoteAddress(), failure.toString());
        } else {
            server.logLine(() -> LOG.error("Connection of {} is closed by a bug", channel.remoteAddress(), failure));
        }
        channel.close();
    }

    private boolean mayBegin() {
        return starting == null
                && exclusive == null
                && !muted
                && !ending
                && !closed
                && !replies.isFull()
                && replies.bytes() < server.limits().maxInFlightBytes()
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
                        refuse("expected a request of 0 to " + maxFrameBytes() + " bytes"
                                + (source.authenticated() ? " (socket.request.max.bytes)" : " before authentication")
                                + ", but its length says " + reader.length());
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
        return source.authenticated()
                ? server.maxRequestBytes()
                : Math.min(server.maxRequestBytes(), server.limits().preAuthenticationMaxBytes());
    }

    private void begin(long receivedNs) {
        ByteBuf bytes = reader.buffer();
        Dispatch dispatch = server.dispatcher()
                .dispatch(source, readable.over(bytes, reader.start(), reader.length(), 0), receivedNs, nowNs);
        switch (dispatch) {
            case Dispatch.Unreadable(String why) -> {
                release(reader.consume());
                refuse(why);
            }
            case Exchange exchange -> begun(exchange, bytes);
        }
    }

    private void begun(Exchange exchange, ByteBuf bytes) {
        nowNs = exchange.handledNs();
        if (exchange.throttleMs() > 0) {
            mute(exchange.throttleMs());
        }
        Reply<ApiMessage> reply = exchange.reply();
        Reply.Outcome<ApiMessage> outcome = reply.outcomeNow();
        if (outcome != null && replies.isEmpty() && !writer.isBusy()) {
            release(reader.consume());
            answer(exchange, outcome, exchange.throttleMs());
            return;
        }
        PendingReplies.Slot slot = replies.add(exchange);
        if (exchange.exclusive()) {
            exclusive = slot;
        }
        if (reply.isOrdered()) {
            release(reader.consume());
        } else {
            server.workload().requests().increment();
            starting = slot;
            startingBytes = bytes.retain();
            startingBudget = reader.consume();
            reply.onOrdered(slot);
        }
        reply.onDone(slot);
    }

    /** A line for the operator, the answers to what came before, and the end. */
    private void refuse(String why) {
        server.metrics().refused();
        server.logLine(() ->
                LOG.warn("Closing the connection of {} on {}: {}", channel.remoteAddress(), listener.name(), why));
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
                discardReplies();
            }
        }
    }

    private void onWoken() {
        woken.set(false);
        if (closed) {
            discardReplies();
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
        if (starting != null && starting.isOrdered()) {
            if (starting.exchange() != null) {
                starting.exchange().ordered(nowNs);
            }
            releaseStarting();
        }
        answerInOrder();
        beginRequests();
        flush();
    }

    private void answerInOrder() {
        working = true;
        try {
            while (!hangingUp && !writer.isBusy() && channel.isWritable()) {
                PendingReplies.Slot slot = replies.first();
                if (slot == null || slot == starting || slot.outcome() == null) {
                    break;
                }
                Exchange exchange = slot.exchange();
                Reply.Outcome<ApiMessage> outcome = slot.outcome();
                replies.removeFirst();
                if (slot == exclusive) {
                    exclusive = null;
                }
                exchange.done(slot.endedNs());
                answer(exchange, outcome, 0);
            }
        } finally {
            working = false;
        }
    }

    private void answer(Exchange exchange, Reply.Outcome<ApiMessage> outcome, int mutedMs) {
        if (exchange.throttleMs() > mutedMs) {
            mute(exchange.throttleMs());
        }
        switch (outcome) {
            case Reply.Outcome.Answer<ApiMessage>(ApiMessage message) -> {
                sending.handedOver(exchange);
                writer.write(exchange, exchange.finish(message));
                exchange.sent(nowNs);
                if (writer.isBusy()) {
                    sending.begin(nowNs);
                }
            }
            case Reply.Outcome.Silence<ApiMessage>() -> exchange.sent(nowNs);
            case Reply.Outcome.Hangup<ApiMessage>(var error, String why) -> {
                exchange.sent(nowNs);
                refuse(exchange + " failed with " + error + ": " + why);
                hangingUp = true;
            }
        }
    }

    private void flush() {
        if (!closed && writer.isUnflushed()) {
            writer.flush();
            if (!sending.isRunning() && !writer.isTaken()) {
                sending.begin(nowNs);
                writer.onTaken(sending::end);
            }
        }
    }

    @Override
    public void onIdle() {
        sending.end();
        goOn();
    }

    @Override
    public void onBroken(IOException failure) {
        server.logLine(() -> LOG.warn(
                "Closing the connection of {} on {}: the log could not be read: {}",
                channel.remoteAddress(),
                listener.name(),
                failure.toString()));
        channel.close();
    }

    private void closeWhenAnswered() {
        if (!closing && !writer.isBusy() && (replies.isEmpty() || hangingUp)) {
            closing = true;
            ending = true;
            writer.flushAndClose();
        }
    }

    // ---- bounds ----------------------------------------------------------------------------------------

    private void mute(int ms) {
        long until = nowNs + ms * 1_000_000L;
        if (muted && until - mutedUntilNs <= 0) {
            return;
        }
        muted = true;
        mutedUntilNs = until;
        server.timer().schedule(ms, () -> onLoop(this::unmute));
    }

    private void unmute() {
        if (muted && server.clock().monotonicNs() - mutedUntilNs >= 0) {
            muted = false;
            activeNs = server.clock().monotonicNs();
            goOn();
        }
    }

    private void release(long budgetBytes) {
        if (budgetBytes > 0) {
            listener.budget().release(budgetBytes);
        }
    }

    private void releaseStarting() {
        server.workload().requests().decrement();
        startingBytes.release();
        release(startingBudget);
        starting = null;
        startingBytes = null;
        startingBudget = 0;
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
    private void discardReplies() {
        if (starting != null && starting.isOrdered()) {
            releaseStarting();
        }
        while (!replies.isEmpty() && replies.first().outcome() != null && replies.first() != starting) {
            Exchange.discard(replies.first().outcome());
            replies.removeFirst();
        }
    }

    private void scheduleIdleCheck(long ms) {
        if (ms > 0 && !closed) {
            idleCheck = server.timer().schedule(ms, () -> onLoop(this::checkIdle));
        }
    }

    private void checkIdle() {
        if (closed) {
            return;
        }
        long idleMs = (server.clock().monotonicNs() - activeNs) / 1_000_000;
        boolean busy = muted || !replies.isEmpty() || writer.isBusy() || reader.waitsForMemory();
        if (busy) {
            scheduleIdleCheck(server.idleMs());
        } else if (idleMs < server.idleMs()) {
            scheduleIdleCheck(server.idleMs() - idleMs);
        } else {
            LOG.debug("Closing the connection of {}: idle for {} ms", channel.remoteAddress(), idleMs);
            server.metrics().expired();
            channel.close();
        }
    }

    /** Closes it where it holds memory that others wait for, and its request does not grow. On its event loop. */
    void checkStalled() {
        if (closed || !reader.holdsReservedMemory() || starting != null || !mayBegin()) {
            stalledBytes = -1;
            return;
        }
        long now = server.clock().monotonicNs();
        if (reader.ownBytes() != stalledBytes) {
            stalledBytes = reader.ownBytes();
            stalledSinceNs = now;
        } else if (now - stalledSinceNs >= server.limits().stalledRequestMs() * 1_000_000) {
            refuse("its request has stopped at " + stalledBytes + " bytes while others wait for memory");
            channel.close();
        }
    }

    Channel channel() {
        return channel;
    }

    /** Takes no more requests, answers those begun, and closes. On its event loop. */
    void stop() {
        if (!closed && !inputClosed) {
            inputClosed = true;
            goOn();
        }
    }
}
