package io.ottla.chaos.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A request that whoever is well answers. */
public enum Probe {
    /** ApiVersions, version 0, without a client id. */
    BROKER,
    /** The four letters that are always allowed. */
    ZOOKEEPER;

    private byte[] request() {
        return switch (this) {
            case BROKER ->
                ByteBuffer.allocate(14)
                        .putInt(10)
                        .putShort((short) 18)
                        .putShort((short) 0)
                        .putInt(1)
                        .putShort((short) -1)
                        .array();
            case ZOOKEEPER -> "srvr".getBytes(StandardCharsets.US_ASCII);
        };
    }

    /** Whether a first byte comes back within that time. */
    public boolean isAnswered(InetSocketAddress address, Duration patience) {
        int patienceMs = Math.toIntExact(patience.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(address, patienceMs);
            socket.setSoTimeout(patienceMs);
            socket.getOutputStream().write(request());
            return socket.getInputStream().read() >= 0;
        } catch (IOException noAnswer) {
            return false;
        }
    }
}
