package io.ottla.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.ottla.api.Dispatch;
import io.ottla.api.Exchange;
import io.ottla.api.Reply;
import io.ottla.api.RequestDispatcher;
import io.ottla.api.RequestSource;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.time.Clock;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A connection as a broker serves it (DESIGN §4.2): a request begins when the one before has ended its first stage, answers
 * go out in the order of the requests. Belongs to its loop, but for {@link #wake}.
 */
final class ServedConnection implements SimulatedLink.Receiver {
    private static final int MAX_IN_FLIGHT = 64;

    private static final class Slot {
        private final Exchange exchange;
        private boolean ordered;
        private Reply.Outcome<ApiMessage> outcome;

        Slot(Exchange exchange) {
            this.exchange = exchange;
        }
    }

    private final SimulatedLink.End end;
    private final Executor loop;
    private final Clock clock;
    private final RequestDispatcher dispatcher;
    private final RequestSource source;
    private final UnaryOperator<byte[]> tampering;
    private final Runnable whenClosed;
    private final BoundedReadable readable = new BoundedReadable();
    private final FrameEncoder encoder = new FrameEncoder(PooledByteBufAllocator.DEFAULT);
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final ArrayDeque<Slot> pending = new ArrayDeque<>();
    private Slot starting;
    private Slot exclusive;
    private boolean working;
    private boolean woken;
    private boolean stopping;
    private boolean ending;
    private boolean closed;

    /** @param tampering what happens to requests on their way in; the identity where nothing does */
    ServedConnection(
            SimulatedLink.End end,
            Executor loop,
            Clock clock,
            RequestDispatcher dispatcher,
            RequestSource source,
            UnaryOperator<byte[]> tampering,
            Runnable whenClosed) {
        this.end = end;
        this.loop = loop;
        this.clock = clock;
        this.dispatcher = dispatcher;
        this.source = source;
        this.tampering = tampering;
        this.whenClosed = whenClosed;
    }

    void start() {
        end.listen(loop, this);
    }

    @Override
    public void received(byte[] frame) {
        frames.add(tampering.apply(frame));
        goOn();
    }

    @Override
    public void closed() {
        close();
    }

    /** Takes no more requests, answers those begun as soon as it can, and closes. Any thread. */
    void stop() {
        loop.execute(() -> {
            if (!stopping && !closed) {
                stopping = true;
                frames.clear();
                pending.forEach(slot -> slot.exchange.reply().hurry());
                goOn();
            }
        });
    }

    /** Closes it, whatever was begun. On its loop. */
    void close() {
        if (!closed) {
            closed = true;
            end.close();
            frames.clear();
            for (Slot slot : pending) {
                ClosedReplies.tell(slot.exchange.reply());
            }
            discardEnded();
            whenClosed.run();
        }
    }

    private void wake() {
        if (!woken && !end.process().isDead()) {
            woken = true;
            loop.execute(() -> {
                woken = false;
                if (closed) {
                    discardEnded();
                } else {
                    goOn();
                }
            });
        }
    }

    private void discardEnded() {
        while (!pending.isEmpty() && pending.peek().outcome != null) {
            Exchange.discard(pending.poll().outcome);
        }
    }

    private void goOn() {
        if (working || closed) {
            return;
        }
        working = true;
        try {
            if (starting != null && starting.ordered) {
                starting = null;
            }
            do {
                answerInOrder();
            } while (beginNext());
        } finally {
            working = false;
        }
        if (ending || stopping && pending.isEmpty()) {
            close();
        }
    }

    private boolean beginNext() {
        if (starting != null || exclusive != null || ending || closed || pending.size() >= MAX_IN_FLIGHT) {
            return false;
        }
        byte[] frame = frames.poll();
        if (frame == null) {
            return false;
        }
        long nowNs = clock.monotonicNs();
        Dispatch dispatch = dispatcher.dispatch(source, readable.over(Unpooled.wrappedBuffer(frame), 0), nowNs, nowNs);
        switch (dispatch) {
            case Dispatch.Unreadable(String why) ->
                throw new IllegalStateException("Expected requests that can be read, but " + why);
            case Exchange exchange -> begun(exchange);
        }
        return true;
    }

    private void begun(Exchange exchange) {
        Slot slot = new Slot(exchange);
        pending.add(slot);
        if (exchange.exclusive()) {
            exclusive = slot;
        }
        Reply<ApiMessage> reply = exchange.reply();
        if (!reply.isOrdered()) {
            starting = slot;
        }
        reply.onOrdered(() -> {
            slot.ordered = true;
            wake();
        });
        reply.onDone(outcome -> {
            slot.outcome = outcome;
            wake();
        });
        if (stopping) {
            reply.hurry();
        }
    }

    private void answerInOrder() {
        while (!pending.isEmpty() && pending.peek() != starting && pending.peek().outcome != null && !ending) {
            Slot slot = pending.poll();
            if (slot == exclusive) {
                exclusive = null;
            }
            switch (slot.outcome) {
                case Reply.Outcome.Answer<ApiMessage>(ApiMessage message) -> answer(slot.exchange, message);
                case Reply.Outcome.Silence<ApiMessage>() -> slot.exchange.sent(clock.monotonicNs());
                case Reply.Outcome.Hangup<ApiMessage> _ -> ending = true;
            }
        }
    }

    private void answer(Exchange exchange, ApiMessage message) {
        ByteBuf[] room = {null};
        EncodedFrame frame;
        try {
            frame = encoder.response(
                    exchange.correlationId(),
                    exchange.responseHeaderVersion(),
                    exchange.finish(message),
                    exchange.version(),
                    bytes -> {
                        room[0] = PooledByteBufAllocator.DEFAULT.heapBuffer(bytes);
                        return room[0];
                    });
            if (frame != null) {
                end.send(Caller.bytes(frame));
            } else {
                byte[] bytes = new byte[room[0].readableBytes() - 4];
                room[0].getBytes(room[0].readerIndex() + 4, bytes);
                end.send(bytes);
            }
        } catch (UncheckedIOException unreadable) {
            Exchange.discard(message);
            close();
        } finally {
            if (room[0] != null) {
                room[0].release();
            }
        }
        exchange.sent(clock.monotonicNs());
    }
}
