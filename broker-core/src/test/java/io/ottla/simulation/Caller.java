package io.ottla.simulation;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.ottla.protocol.Api;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.protocol.MalformedFrame;
import io.ottla.protocol.Requests;
import io.ottla.time.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A process's connection to one address: made when there is something to send, answers in the order of the requests. A
 * call fails as soon as the connection is refused or breaks, and alone when it is not answered in time; where nothing at
 * all has come since it was sent, the connection is given up with it. After failures it waits before it connects again.
 *
 * <p>Belongs to the process; results come on a loop of this connection's own.
 */
final class Caller {
    private static final long CONNECT_MS = 3_000;
    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 1_000;
    private static final int EXPANSION = 64;

    private static final class Call {
        private final ApiMessage request;
        private final short version;
        private final CompletableFuture<ApiMessage> result = new CompletableFuture<>();
        private Timer.Timeout timeout;
        private int correlationId = -1;
        private long sentNs;

        Call(ApiMessage request, short version) {
            this.request = request;
            this.version = version;
        }

        Api api() {
            return Api.forId(request.apiKey());
        }

        void fail(RuntimeException why) {
            timeout.cancel();
            result.completeExceptionally(why);
        }
    }

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final String from;
    private final String to;
    private final int port;
    private final String clientId;
    private final Executor loop;
    private final FrameEncoder encoder = new FrameEncoder(PooledByteBufAllocator.DEFAULT);
    private final BoundedReadable readable = new BoundedReadable();
    private final ArrayDeque<Call> queued = new ArrayDeque<>();
    private final ArrayDeque<Call> inFlight = new ArrayDeque<>();
    private SimulatedLink.End end;
    private boolean connecting;
    private boolean pausing;
    private boolean closed;
    private int attempt;
    private int failures;
    private int nextCorrelationId;
    private long receivedNs;

    Caller(SimulatedNetwork network, SimulatedProcess process, String from, String to, int port, String clientId) {
        this.network = network;
        this.process = process;
        this.from = from;
        this.to = to;
        this.port = port;
        this.clientId = clientId;
        this.loop = process.thread();
    }

    /** Calls that are not over. */
    int calls() {
        return queued.size() + inFlight.size();
    }

    CompletionStage<ApiMessage> send(ApiMessage request, short version, long timeoutMs) {
        Call call = new Call(request, version);
        call.timeout = process.timer().schedule(timeoutMs, () -> loop.execute(() -> expire(call)));
        loop.execute(() -> begin(call));
        return call.result;
    }

    private void begin(Call call) {
        if (closed) {
            call.fail(new DisconnectException("Expected an open client, but it has been closed"));
        } else if (end != null && !end.isClosed()) {
            write(call);
        } else {
            queued.add(call);
            connectIfNeeded();
        }
    }

    private void connectIfNeeded() {
        if (queued.isEmpty() || connecting || pausing || closed || end != null && !end.isClosed()) {
            return;
        }
        connecting = true;
        int mine = ++attempt;
        process.timer()
                .schedule(
                        CONNECT_MS,
                        () -> loop.execute(() -> {
                            if (connecting && attempt == mine) {
                                failed("does not answer");
                            }
                        }));
        network.connect(process, from, to, port, outcome -> loop.execute(() -> connected(mine, outcome)));
    }

    private void connected(int mine, SimulatedNetwork.Connected outcome) {
        boolean wanted = connecting && attempt == mine && !closed;
        switch (outcome) {
            case SimulatedNetwork.Connected.Open(SimulatedLink link) -> {
                if (wanted) {
                    up(link.caller());
                } else {
                    link.caller().close();
                }
            }
            case SimulatedNetwork.Connected.Refused() -> {
                if (wanted) {
                    failed("refuses connections");
                }
            }
        }
    }

    private void up(SimulatedLink.End on) {
        connecting = false;
        failures = 0;
        end = on;
        receivedNs = process.clock().monotonicNs();
        on.listen(loop, new SimulatedLink.Receiver() {
            @Override
            public void received(byte[] frame) {
                answered(on, frame);
            }

            @Override
            public void closed() {
                down(on);
            }
        });
        while (!queued.isEmpty()) {
            write(queued.poll());
        }
    }

    private void failed(String why) {
        connecting = false;
        failures++;
        failAll(why);
        pausing = true;
        long pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(10, failures - 1));
        process.timer()
                .schedule(
                        pauseMs,
                        () -> loop.execute(() -> {
                            pausing = false;
                            connectIfNeeded();
                        }));
    }

    private void down(SimulatedLink.End which) {
        if (which == end) {
            end = null;
            failAll("has closed the connection");
        }
    }

    private void failAll(String why) {
        List<Call> all = new ArrayList<>(inFlight);
        all.addAll(queued);
        inFlight.clear();
        queued.clear();
        all.forEach(call -> call.fail(new DisconnectException(to + " " + why)));
    }

    private void expire(Call call) {
        if (call.result.isDone()) {
            return;
        }
        call.result.completeExceptionally(
                new TimeoutException(to + " has not answered " + call.api().label() + " in time"));
        if (call.correlationId < 0) {
            queued.remove(call);
        } else if (end != null && receivedNs - call.sentNs < 0) {
            SimulatedLink.End silent = end;
            down(silent);
            silent.close();
        }
    }

    private void write(Call call) {
        if (call.result.isDone()) {
            return;
        }
        Api api = call.api();
        call.correlationId = nextCorrelationId++ & Integer.MAX_VALUE;
        EncodedFrame frame;
        try {
            frame = encoder.request(
                    api.id(),
                    call.version,
                    call.correlationId,
                    api.requestHeaderVersion(call.version),
                    clientId,
                    call.request);
        } catch (RuntimeException unsupported) {
            call.fail(unsupported);
            return;
        }
        call.sentNs = process.clock().monotonicNs();
        byte[] bytes = bytes(frame);
        if (isUnanswered(call)) {
            end.send(bytes);
            call.timeout.cancel();
            call.result.complete(null);
        } else {
            inFlight.add(call);
            end.send(bytes);
        }
    }

    private static boolean isUnanswered(Call call) {
        return call.request instanceof ProduceRequestData produce && produce.acks() == 0;
    }

    /** The frame's bytes behind its length field; it is released. */
    static byte[] bytes(EncodedFrame frame) {
        byte[] all = new byte[frame.sizeInBytes()];
        ByteBuffer into = ByteBuffer.wrap(all);
        for (EncodedFrame.Part part : frame.parts()) {
            switch (part) {
                case EncodedFrame.Part.Bytes(ByteBuf content) -> {
                    int bytes = content.readableBytes();
                    content.getBytes(content.readerIndex(), all, into.position(), bytes);
                    into.position(into.position() + bytes);
                }
                case EncodedFrame.Part.Deferred(var records) -> records.copyTo(into);
            }
        }
        frame.release();
        return Arrays.copyOfRange(all, 4, all.length);
    }

    private void answered(SimulatedLink.End on, byte[] frame) {
        if (on != end) {
            return;
        }
        receivedNs = process.clock().monotonicNs();
        Call call = inFlight.poll();
        if (call == null) {
            throw new IllegalStateException("Expected no answer from " + to + ", but one came");
        }
        if (call.result.isDone()) {
            return;
        }
        readable.over(Unpooled.wrappedBuffer(frame), EXPANSION);
        ApiMessage answer;
        try {
            int correlationId = Requests.responseHeader(call.api().responseHeaderVersion(call.version), readable);
            if (correlationId != call.correlationId) {
                throw new IllegalStateException(
                        "Expected the answer to " + call.api().label() + " with correlation id " + call.correlationId
                                + ", but got " + correlationId);
            }
            answer = Requests.response(call.api(), call.version, readable);
        } catch (MalformedFrame malformed) {
            throw new IllegalStateException("The answer to " + call.api().label() + " can't be decoded", malformed);
        }
        call.timeout.cancel();
        call.result.complete(answer);
    }

    /** What is under way fails. */
    void close() {
        loop.execute(() -> {
            closed = true;
            failAll("is not wanted any more");
            if (end != null) {
                end.close();
                end = null;
            }
        });
    }
}
