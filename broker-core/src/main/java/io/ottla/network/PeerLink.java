package io.ottla.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.ottla.protocol.Api;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.protocol.MalformedFrame;
import io.ottla.protocol.Requests;
import io.ottla.types.BrokerId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The connection to one other broker: made when there is something to send, made again after a pause when it broke.
 *
 * <pre>
 *   down ── a call ──▶ connecting ──▶ up
 *    ▲                     │           │
 *    └── pause, doubling ──┴───────────┘  calls under way fail at once
 * </pre>
 *
 * <p>Answers come in the order of the requests. A call that gets no answer in time fails alone; where nothing at all has
 * come since it was sent, the connection is given up with it.
 *
 * <p>Belongs to one event loop; all calls come on it.
 */
final class PeerLink {
    private final BrokerId peer;
    private final EventLoop loop;
    private final PeerSettings settings;
    private final FrameEncoder encoder;
    private final ArrayDeque<PeerCall> queued = new ArrayDeque<>();
    private final ArrayDeque<PeerCall> inFlight = new ArrayDeque<>();
    private Channel channel;
    private boolean connecting;
    private boolean pausing;
    private boolean closed;
    private int failures;
    private int nextCorrelationId;
    private long receivedNs;

    PeerLink(BrokerId peer, EventLoop loop, PeerSettings settings) {
        this.peer = peer;
        this.loop = loop;
        this.settings = settings;
        this.encoder = new FrameEncoder(settings.loops().buffers());
    }

    EventLoop loop() {
        return loop;
    }

    /** Calls that are not over. */
    int calls() {
        return queued.size() + inFlight.size();
    }

    void call(PeerCall call) {
        if (closed) {
            call.fail(new DisconnectException("Expected an open client, but it has been closed"));
        } else if (calls() >= settings.maxCalls()) {
            call.fail(new DisconnectException(
                    "Expected at most " + settings.maxCalls() + " requests under way to broker " + peer));
        } else if (channel != null) {
            send(call);
            channel.flush();
        } else {
            queued.add(call);
            if (!connecting && !pausing) {
                connect();
            }
        }
    }

    /** Its time is over. */
    void expire(PeerCall call) {
        if (call.isOver()) {
            return;
        }
        call.fail(new TimeoutException("Broker " + peer + " has not answered " + call + " in time"));
        if (!call.isSent()) {
            queued.remove(call);
        } else if (channel != null && receivedNs - call.sentNs() < 0) {
            Channel silent = channel;
            down(null);
            silent.close();
        }
    }

    private void connect() {
        connecting = true;
        settings.resolve(
                peer,
                (address, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        failed(failure);
                    } else if (closed) {
                        connecting = false;
                    } else {
                        connect(address);
                    }
                }));
    }

    private void connect(InetSocketAddress address) {
        ChannelFuture connected = new Bootstrap()
                .group(loop)
                .channel(settings.loops().clientChannel())
                .option(ChannelOption.ALLOCATOR, settings.loops().buffers())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectTimeoutMs())
                .handler(new Answers())
                .connect(address);
        connected.addListener(done -> {
            if (done.isSuccess()) {
                up(connected.channel());
            } else {
                failed(done.cause());
            }
        });
    }

    private void up(Channel on) {
        connecting = false;
        if (closed) {
            on.close();
            return;
        }
        channel = on;
        failures = 0;
        receivedNs = settings.clock().monotonicNs();
        while (!queued.isEmpty()) {
            send(queued.poll());
        }
        channel.flush();
    }

    private void failed(Throwable why) {
        connecting = false;
        failures++;
        failAll(disconnected("can't be reached: " + why.getMessage(), why));
        pause();
    }

    /** Waits before the next attempt, so that a broker that comes up is not stormed. */
    private void pause() {
        if (closed) {
            return;
        }
        pausing = true;
        settings.timer()
                .schedule(
                        settings.pauseMs(failures),
                        () -> loop.execute(() -> {
                            pausing = false;
                            if (!queued.isEmpty() && !closed && channel == null && !connecting) {
                                connect();
                            }
                        }));
    }

    private void send(PeerCall call) {
        Api api = call.api();
        int correlationId = nextCorrelationId++ & Integer.MAX_VALUE;
        EncodedFrame frame;
        try {
            frame = encoder.request(
                    api.id(),
                    call.version(),
                    correlationId,
                    api.requestHeaderVersion(call.version()),
                    settings.clientId(),
                    call.request());
        } catch (RuntimeException unsupported) {
            // A field that this version can't carry, by the message classes.
            call.fail(unsupported);
            return;
        }
        call.sent(correlationId, settings.clock().monotonicNs());
        inFlight.add(call);
        for (EncodedFrame.Part part : frame.parts()) {
            switch (part) {
                case EncodedFrame.Part.Bytes(ByteBuf bytes) -> channel.write(bytes, channel.voidPromise());
                case EncodedFrame.Part.Deferred deferred ->
                    throw new IllegalStateException("Expected a request in memory, but got " + call);
            }
        }
    }

    private void down(Throwable why) {
        channel = null;
        // A connection that worked is tried again at once; only what keeps failing is paused for.
        failAll(disconnected("has closed the connection", why));
    }

    private DisconnectException disconnected(String what, Throwable why) {
        return new DisconnectException("Broker " + peer + " " + what, why);
    }

    private void failAll(DisconnectException why) {
        ArrayDeque<PeerCall> all = new ArrayDeque<>(inFlight);
        all.addAll(queued);
        inFlight.clear();
        queued.clear();
        all.forEach(call -> call.fail(why));
    }

    void close() {
        closed = true;
        failAll(new DisconnectException("The client has been closed"));
        if (channel != null) {
            channel.close();
        }
    }

    /** Reads answers. */
    private final class Answers extends ChannelInboundHandlerAdapter {
        private final BoundedReadable readable = new BoundedReadable();
        private FrameReader reader;
        private Throwable failure;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            reader = new FrameReader(ctx.alloc(), null, bytes -> {});
            ctx.channel().config().setRecvByteBufAllocator(reader.receiver());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
            reader.received((ByteBuf) message);
            receivedNs = settings.clock().monotonicNs();
            while (true) {
                switch (reader.next(settings.maxAnswerBytes())) {
                    case FRAME -> answered();
                    case INCOMPLETE, NO_MEMORY -> {
                        return;
                    }
                    case BAD_LENGTH ->
                        throw new IOException("expected an answer of 0 to " + settings.maxAnswerBytes()
                                + " bytes, but its length says " + reader.length());
                }
            }
        }

        private void answered() throws IOException {
            PeerCall call = inFlight.peek();
            if (call == null) {
                throw new IOException("expected no answer, but one came");
            }
            if (call.isOver()) {
                inFlight.poll();
                reader.consume();
                return;
            }
            if (call.isInPlace()) {
                ApiMessage answer = decode(call, reader.buffer(), reader.start(), reader.length());
                inFlight.poll();
                call.answer(answer);
                reader.consume();
                return;
            }
            // On the heap, so that byte fields of the answer live as long as their reader wants them to.
            byte[] bytes = new byte[reader.length()];
            reader.buffer().getBytes(reader.start(), bytes);
            reader.consume();
            ApiMessage answer = decode(call, Unpooled.wrappedBuffer(bytes), 0, bytes.length);
            inFlight.poll();
            call.answer(answer);
        }

        private ApiMessage decode(PeerCall call, ByteBuf frame, int from, int bytes) throws IOException {
            readable.over(frame, from, bytes, settings.answerExpansion());
            try {
                int correlationId = Requests.responseHeader(call.api().responseHeaderVersion(call.version()), readable);
                if (correlationId != call.correlationId()) {
                    throw new IOException("expected the answer to " + call + " with correlation id "
                            + call.correlationId() + ", but got " + correlationId);
                }
                return Requests.response(call.api(), call.version(), readable);
            } catch (MalformedFrame malformed) {
                throw new IOException("its answer to " + call + " can't be decoded", malformed);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable why) {
            failure = why;
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            reader.close();
            if (ctx.channel().equals(channel)) {
                down(failure);
            }
        }
    }
}
