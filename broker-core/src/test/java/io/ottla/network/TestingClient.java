package io.ottla.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** A plain socket that speaks frames, encoded by kafka-clients' own message classes. */
final class TestingClient implements AutoCloseable {
    /** An answer as it came. */
    record Answer(int correlationId, ByteBuffer frame) {
        ApiMessage body(ApiKeys key, short version) {
            ByteBufferAccessor readable = new ByteBufferAccessor(frame.duplicate());
            new ResponseHeaderData(readable, key.responseHeaderVersion(version));
            ApiMessage message = key.messageType.newResponse();
            message.read(readable, version);
            return message;
        }
    }

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private int nextCorrelationId;

    TestingClient(int port) throws IOException {
        this(port, 0);
    }

    /** @param receiveBufferBytes small for a slow reader; 0 for the system's choice */
    TestingClient(int port, int receiveBufferBytes) throws IOException {
        this(port, receiveBufferBytes, "127.0.0.1");
    }

    /** @param from the address of this machine that the server sees */
    TestingClient(int port, int receiveBufferBytes, String from) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends a request and returns its correlation id. */
    int send(ApiMessage request, int version) throws IOException {
        int correlationId = nextCorrelationId++;
        out.write(frame(request, (short) version, correlationId));
        return correlationId;
    }

    void sendBytes(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    Answer receive() throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return new Answer(ByteBuffer.wrap(frame).getInt(), ByteBuffer.wrap(frame));
    }

    /** Whether the server has closed the connection, with nothing before. */
    boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    Socket socket() {
        return socket;
    }

    static byte[] frame(ApiMessage request, short version, int correlationId) {
        ApiKeys key = ApiKeys.forId(request.apiKey());
        short headerVersion = key.requestHeaderVersion(version);
        ByteBuffer header = MessageUtil.toByteBufferAccessor(
                        new RequestHeaderData()
                                .setRequestApiKey(key.id)
                                .setRequestApiVersion(version)
                                .setCorrelationId(correlationId)
                                .setClientId("testing"),
                        headerVersion)
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        ByteBuffer frame = ByteBuffer.allocate(4 + header.remaining() + body.remaining());
        frame.putInt(header.remaining() + body.remaining()).put(header).put(body);
        return frame.array();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
