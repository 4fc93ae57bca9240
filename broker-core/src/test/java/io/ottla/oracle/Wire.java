package io.ottla.oracle;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One connection to a broker, on which kafka-clients' message classes go to and fro as they are. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MS = 30_000;
    private static final int MAX_FRAME = 64 * 1024 * 1024;

    private final String clientId;
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int correlationId;

    public Wire(int port) throws IOException {
        this(port, Scenario.CLIENT);
    }

    Wire(int port, String clientId) throws IOException {
        this.clientId = clientId;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** The frame of a request without its length. */
    public byte[] frame(ApiKeys key, short version, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId(clientId);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        byte[] frame = new byte[head.remaining() + body.remaining()];
        int headSize = head.remaining();
        head.get(frame, 0, headSize);
        body.get(frame, headSize, body.remaining());
        return frame;
    }

    void send(int length, byte[] frame) throws IOException {
        try {
            out.writeInt(length);
            out.write(frame);
            out.flush();
        } catch (SocketException e) {
            // The broker hung up before it read all: what it answers is seen by whoever reads.
        }
    }

    public void send(byte[] frame) throws IOException {
        send(frame.length, frame);
    }

    /** Null where the broker closed the connection instead. */
    public ByteBuffer receive() throws IOException {
        try {
            int length = in.readInt();
            if (length < 0 || length > MAX_FRAME) {
                throw new IOException("Expected an answer of 0 to " + MAX_FRAME + " bytes, but got " + length);
            }
            byte[] frame = new byte[length];
            in.readFully(frame);
            return ByteBuffer.wrap(frame);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Null where the broker closed the connection instead. */
    public ApiMessage answer(ApiKeys key, short version) throws IOException {
        ByteBuffer frame = receive();
        if (frame == null) {
            return null;
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(frame);
        ResponseHeaderData header = new ResponseHeaderData(readable, key.responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new IOException("Expected correlation id " + correlationId + ", but got " + header.correlationId());
        }
        ApiMessage answer = ApiMessageType.fromApiKey(key.id).newResponse();
        answer.read(readable, version);
        if (frame.hasRemaining()) {
            throw new IOException(
                    "Expected the answer to end with its last field, but " + frame.remaining() + " bytes follow");
        }
        return answer;
    }

    public ApiMessage ask(ApiKeys key, short version, ApiMessage request) throws IOException {
        send(frame(key, version, request));
        return answer(key, version);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
