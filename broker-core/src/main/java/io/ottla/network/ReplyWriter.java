package io.ottla.network;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollChannelOption;
import io.ottla.api.Exchange;
import io.ottla.config.NetworkProperties;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.time.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Sends one connection's answers, one after the other. What is in memory goes out at once; what lies in files goes piece
 * by piece, the next when the socket has taken the last, and only after pages that may not be in memory were touched
 * elsewhere. While a piece is on its way it is {@link #isBusy} and takes no other answer.
 *
 * <p>Belongs to the connection's event loop, which it never blocks.
 */
final class ReplyWriter {
    private static final long TRY_AGAIN_MS = 10;

    /** Told on the event loop when a stream has ended. */
    interface Listener {
        /** The next answer may be written. */
        void onIdle();

        /** An answer that was begun can't be finished. */
        void onBroken(IOException failure);
    }

    private final ChannelHandlerContext context;
    private final FrameOutput output;
    private final FrameEncoder encoder;
    private final IntFunction<ByteBuf> room;
    private final NetworkProperties.Limits limits;
    private final PageToucher toucher;
    private final Timer timer;
    private final Listener listener;
    private AnswerStream stream;
    private boolean busy;
    /** Files of the stream are being read elsewhere, so that they must stay open. */
    private boolean touching;

    private boolean corked;
    private boolean closed;

    ReplyWriter(
            ChannelHandlerContext context,
            NetworkProperties.Limits limits,
            PageToucher toucher,
            Timer timer,
            Listener listener) {
        this.context = context;
        this.output = new FrameOutput(context);
        this.encoder = new FrameEncoder(context.alloc());
        this.room = output::room;
        this.limits = limits;
        this.toucher = toucher;
        this.timer = timer;
        this.listener = listener;
    }

    /** Encodes an answer and writes it, or as much of it as can go now. Not while {@link #isBusy}. */
    void write(Exchange exchange, ApiMessage answer) {
        EncodedFrame frame;
        try {
            frame = encoder.response(
                    exchange.correlationId(), exchange.responseHeaderVersion(), answer, exchange.version(), room);
        } catch (UncheckedIOException unreadable) {
            Exchange.discard(answer);
            listener.onBroken(unreadable.getCause());
            return;
        }
        if (frame == null) {
            return;
        }
        ByteBuf whole = frame.asSingleBuffer();
        if (whole != null) {
            output.add(whole);
        } else {
            stream = new AnswerStream(frame);
            advance();
        }
    }

    /** Whether an answer is under way, so that none may follow yet. */
    boolean isBusy() {
        return busy;
    }

    boolean isUnflushed() {
        return output.isUnflushed();
    }

    void flush() {
        output.flush();
    }

    /** Whether the socket has taken all that was flushed. */
    boolean isTaken() {
        return context.channel().bytesBeforeUnwritable() >= limits.writeBufferHighBytes();
    }

    /** Runs on the event loop when the socket has taken all that was written until now; never where it breaks before. */
    void onTaken(Runnable action) {
        output.flushTelling().addListener(taken -> {
            if (taken.isSuccess()) {
                action.run();
            }
        });
    }

    /** Flushes, and closes the channel when everything has been taken by the socket. */
    void flushAndClose() {
        output.flushTelling().addListener(ChannelFutureListener.CLOSE);
    }

    private void advance() {
        busy = true;
        List<PageToucher.Range> cold = stream.cold(limits.answerPieceBytes());
        if (cold.isEmpty()) {
            sendPiece();
        } else {
            // What is before it must not wait for a disk.
            cork(false);
            output.flush();
            touch(cold);
        }
    }

    private void touch(List<PageToucher.Range> cold) {
        touching = true;
        if (!toucher.touch(cold, () -> onLoop(this::touched))) {
            touching = false;
            timer.schedule(
                    TRY_AGAIN_MS,
                    () -> onLoop(() -> {
                        if (!closed) {
                            touch(cold);
                        }
                    }));
        }
    }

    private void touched() {
        touching = false;
        if (closed) {
            stream.close();
            stream = null;
            return;
        }
        sendPiece();
        output.flush();
        if (!busy) {
            listener.onIdle();
        }
    }

    private void sendPiece() {
        boolean ranges;
        try {
            ranges = stream.writePiece(output, limits.answerPieceBytes(), limits.inlineSliceBytes());
        } catch (IOException failure) {
            stream.close();
            stream = null;
            listener.onBroken(failure);
            return;
        }
        if (stream.isDone() && !ranges) {
            cork(false);
            stream = null;
            busy = false;
            return;
        }
        cork(true);
        output.flushTelling().addListener(sent -> {
            if (closed || !sent.isSuccess()) {
                return;
            }
            if (stream.isDone()) {
                cork(false);
                stream = null;
                busy = false;
                listener.onIdle();
            } else {
                advance();
                if (!busy) {
                    output.flush();
                    listener.onIdle();
                }
            }
        });
    }

    /**
     * While it is corked the socket sends full packets only, so that the few bytes between two files' ranges are none of
     * their own. Where the transport knows no such thing nothing happens.
     */
    private void cork(boolean on) {
        if (corked != on && context.channel().isOpen()) {
            corked = on;
            context.channel().config().setOption(EpollChannelOption.TCP_CORK, on);
        }
    }

    private void onLoop(Runnable task) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException stopped) {
            // The loops have ended and the channel with them: nobody else touches the stream any more.
            if (stream != null && touching) {
                stream.close();
            }
        }
    }

    /** The channel is closed: gives back what was not sent; what is being touched, when that is over. */
    void close() {
        closed = true;
        output.discard();
        if (stream != null && !touching) {
            stream.close();
            stream = null;
        }
    }
}
