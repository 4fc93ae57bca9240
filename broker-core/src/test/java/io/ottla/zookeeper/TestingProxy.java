package io.ottla.zookeeper;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a ZooKeeper server and loses answers: the request of an armed kind goes through, its
 * answer does not come back, and the connection breaks.
 */
final class TestingProxy implements AutoCloseable {
    /** Kinds of requests, as ZooKeeper numbers them. */
    static final int CREATE2 = 15;

    static final int SET_DATA = 5;
    static final int MULTI = 14;

    private static final int NOTHING = Integer.MIN_VALUE;

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger armed = new AtomicInteger(NOTHING);
    private final AtomicInteger lost = new AtomicInteger();

    TestingProxy(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The answer to the next request of that kind gets lost. */
    void loseNextAnswerTo(int kind) {
        armed.set(kind);
    }

    /** How many answers were lost. */
    int lost() {
        return lost.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                sockets.add(client);
                sockets.add(server);
                AtomicInteger doomed = new AtomicInteger(NOTHING);
                Thread.ofVirtual().start(() -> pump(client, server, true, doomed));
                Thread.ofVirtual().start(() -> pump(server, client, false, doomed));
            } catch (IOException e) {
                // Closed, or the server is down: the next one may get through.
            }
        }
    }

    /** @param doomed the number of the request whose answer is to be lost */
    private void pump(Socket from, Socket to, boolean requests, AtomicInteger doomed) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            boolean first = true; // The exchange that opens a session has no header.
            while (true) {
                byte[] frame = in.readNBytes(in.readInt());
                if (!first && requests && intAt(frame, 4) == armed.get()) {
                    doomed.set(intAt(frame, 0));
                    armed.set(NOTHING);
                }
                if (!first && !requests && intAt(frame, 0) == doomed.get()) {
                    lost.incrementAndGet();
                    return;
                }
                first = false;
                out.writeInt(frame.length);
                out.write(frame);
                out.flush();
            }
        } catch (IOException e) {
            // Either side has gone; so does the other.
        }
    }

    private static int intAt(byte[] frame, int at) {
        return frame.length < at + 4 ? NOTHING : java.nio.ByteBuffer.wrap(frame).getInt(at);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
