package io.ottla.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.ottla.api.Exchange;
import io.ottla.api.Reply;
import java.io.IOException;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One connection's answers, in the order of its requests: those that wait for their turn or their end, and the one that
 * is on its way. Bounded in number and in the bytes of their requests.
 *
 * <p>Belongs to the connection's event loop; what ends an answer on another thread only wakes it.
 */
final class Answers implements ReplyWriter.Listener {
    /** The connection that answers. On its event loop. */
    interface Listener extends ReplyWriter.Listener {
        /** A quota holds the peer back for so long. */
        void onThrottled(int ms);

        /** An answer that should have gone out never will. */
        void onHangup(String why);
    }

    private final ServerContext server;
    private final Channel channel;
    private final Listener listener;
    private final PendingReplies replies;
    private final ReplyWriter writer;
    private final SendTimer sending;
    private PendingReplies.Slot exclusive;
    /** Nothing more is answered, whatever else was begun. */
    private boolean hangingUp;

    /** @param wake run on any thread when an answer may go on */
    Answers(ChannelHandlerContext context, ServerContext server, Runnable wake, Listener listener) {
        this.server = server;
        this.channel = context.channel();
        this.listener = listener;
        this.replies = new PendingReplies(
                server.limits().maxInFlightRequests(), wake, server.workload().answers(), server.clock());
        this.writer = new ReplyWriter(context, server.limits(), server.toucher(), server.timer(), this);
        this.sending = new SendTimer(server.clock());
    }

    /** Whether there is room for one more. */
    boolean hasRoom() {
        return exclusive == null
                && !replies.isFull()
                && replies.bytes() < server.limits().maxInFlightBytes();
    }

    /** Whether one that is there now is the next to go out. */
    boolean isNext() {
        return replies.isEmpty() && !writer.isBusy();
    }

    /** Whether anything is still to be answered. */
    boolean arePending() {
        return !isNext();
    }

    /** Whether the connection may close. */
    boolean areOver() {
        return !writer.isBusy() && (replies.isEmpty() || hangingUp);
    }

    /** Keeps a place for one that comes later. */
    PendingReplies.Slot add(Exchange exchange) {
        PendingReplies.Slot slot = replies.add(exchange);
        if (exchange.exclusive()) {
            exclusive = slot;
        }
        return slot;
    }

    /** Lets nobody wait for more to come: an answer that can be made of what there is comes soon. */
    void hurry() {
        replies.hurry();
    }

    /**
     * Sends those that have ended and whose turn it is, as far as the socket takes them.
     *
     * @param starting the request that has not ended its first stage, or null
     */
    void sendInOrder(PendingReplies.Slot starting, long nowNs) {
        while (!hangingUp && !writer.isBusy() && channel.isWritable()) {
            PendingReplies.Slot slot = replies.first();
            if (slot == null || slot == starting || slot.outcome() == null) {
                return;
            }
            Exchange exchange = slot.exchange();
            Reply.Outcome<ApiMessage> outcome = slot.outcome();
            exchange.done(slot.endedNs());
            replies.removeFirst();
            if (slot == exclusive) {
                exclusive = null;
            }
            send(exchange, outcome, 0, nowNs);
        }
    }

    /**
     * Sends one that {@linkplain #isNext is next}.
     *
     * @param throttledMs what the listener has been told already
     */
    void send(Exchange exchange, Reply.Outcome<ApiMessage> outcome, int throttledMs, long nowNs) {
        if (exchange.throttleMs() > throttledMs) {
            listener.onThrottled(exchange.throttleMs());
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
                hangingUp = true;
                listener.onHangup(exchange + " failed with " + error + ": " + why);
            }
        }
    }

    /** Hands over to the socket what has been gathered for it. */
    void flush(long nowNs) {
        if (writer.isUnflushed()) {
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
        listener.onIdle();
    }

    @Override
    public void onBroken(IOException failure) {
        listener.onBroken(failure);
    }

    /** Flushes, and closes the channel when the socket has taken everything. */
    void flushAndClose() {
        writer.flushAndClose();
    }

    /** The channel is closed: gives back what was on its way. */
    void close() {
        writer.close();
    }

    /**
     * After the end: gives back what has ended too late to be sent.
     *
     * @param starting the request that has not ended its first stage, or null
     */
    void discard(PendingReplies.Slot starting) {
        while (!replies.isEmpty() && replies.first().outcome() != null && replies.first() != starting) {
            Exchange.discard(replies.first().outcome());
            replies.removeFirst();
        }
    }
}
