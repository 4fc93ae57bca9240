package io.ottla.bench;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One connection. Requests may be sent ahead; answers come in their order. */
final class Link implements AutoCloseable {
    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int correlationId;

    Link(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
        in = new DataInputStream(socket.getInputStream());
    }

    void send(ApiKeys key, short version, ApiMessage request) throws IOException {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId("load");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        out.writeInt(head.remaining() + body.remaining());
        out.write(head.array(), head.arrayOffset() + head.position(), head.remaining());
        out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
    }

    void flush() throws IOException {
        out.flush();
    }

    ApiMessage receive(ApiKeys key, short version) throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        ByteBufferAccessor readable = new ByteBufferAccessor(ByteBuffer.wrap(frame));
        new ResponseHeaderData(readable, key.responseHeaderVersion(version));
        ApiMessage answer = ApiMessageType.fromApiKey(key.id).newResponse();
        answer.read(readable, version);
        return answer;
    }

    ApiMessage ask(ApiKeys key, int version, ApiMessage request) throws IOException {
        send(key, (short) version, request);
        flush();
        return receive(key, (short) version);
    }

    /** Makes a topic of one replica unless it is there. */
    void create(String topic, int partitions) throws IOException {
        CreateTopicsRequestData create = new CreateTopicsRequestData().setTimeoutMs(30_000);
        create.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName(topic)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) 1));
        ask(ApiKeys.CREATE_TOPICS, 5, create);
    }

    /** Until groups can be asked for. */
    void awaitCoordinators() throws IOException {
        FindCoordinatorRequestData find = new FindCoordinatorRequestData().setKey("any");
        while (((FindCoordinatorResponseData) ask(ApiKeys.FIND_COORDINATOR, 2, find)).errorCode() != 0
                || ((ListGroupsResponseData) ask(ApiKeys.LIST_GROUPS, 2, new ListGroupsRequestData())).errorCode()
                        != 0) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
