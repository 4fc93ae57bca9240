package io.ottla.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A program that opens connections and holds them until its standard input ends. Each asks once, so that it is known to
 * be served; then, by what it is told, it stays idle or sends the beginning of a large request and no more. Several of
 * these share what one process may not open alone.
 */
final class ConnectionHolder {
    private static final short VERSION = 0;
    private static final int LARGE = 64 << 20;

    private ConnectionHolder() {}

    /** @param arguments local address, port, connections, and {@code idle} or {@code stalling} */
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress from = new InetSocketAddress(InetAddress.getByName(arguments[0]), 0);
        InetSocketAddress to = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        int count = Integer.parseInt(arguments[2]);
        List<SocketChannel> held = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open().bind(from);
            channel.connect(to);
            ask(channel);
            held.add(channel);
        }
        System.out.println("served " + held.size());
        if (arguments[3].equals("stalling")) {
            for (SocketChannel channel : held) {
                ByteBuffer beginning = ByteBuffer.allocate(64).putInt(LARGE).putShort(ApiKeys.PRODUCE.id);
                write(channel, beginning.position(64).flip());
            }
            System.out.println("stalling");
        }
        while (System.in.read() >= 0) {
            for (SocketChannel channel : held) {
                ask(channel);
            }
            System.out.println("asked");
        }
        for (SocketChannel channel : held) {
            channel.close();
        }
    }

    private static void ask(SocketChannel channel) throws IOException {
        ByteBuffer header = MessageUtil.toByteBufferAccessor(
                        new RequestHeaderData()
                                .setRequestApiKey(ApiKeys.API_VERSIONS.id)
                                .setClientId(""),
                        ApiKeys.API_VERSIONS.requestHeaderVersion(VERSION))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(new ApiVersionsRequestData(), VERSION)
                .buffer();
        int length = header.remaining() + body.remaining();
        write(
                channel,
                ByteBuffer.allocate(4 + length)
                        .putInt(length)
                        .put(header)
                        .put(body)
                        .flip());
        ByteBuffer size = ByteBuffer.allocate(4);
        read(channel, size);
        read(channel, ByteBuffer.allocate(size.flip().getInt()));
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void read(SocketChannel channel, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new IOException("the broker has closed a connection");
            }
        }
    }
}
