package io.ottla.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way by which one host dials another: a port at which a proxy listens, and copies bytes both ways through the gates of
 * both directions. A cut holds bytes back, also the end of a connection, as lost packets do that are sent again; a connection that is
 * dialled during a cut is taken and gets no answer, for a proxy can't leave it untaken. While the target does not listen, and
 * there is no cut, nobody listens here either: who dials a dead process is refused, as without a proxy.
 */
final class Link implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 1_000;

    private final InetSocketAddress address;
    private final InetSocketAddress target;
    private final Gate there;
    private final Gate back;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket door;
    private Thread doorkeeper;
    private boolean targetListens;
    private boolean closed;

    Link(InetSocketAddress address, InetSocketAddress target, Gate there, Gate back) {
        this.address = address;
        this.target = target;
        this.there = there;
        this.back = back;
    }

    InetSocketAddress address() {
        return address;
    }

    boolean isCut() {
        return there.isShut() || back.isShut();
    }

    /** Looks whether the target listens, and listens where it does. @return whether it does */
    boolean lookAtTarget() throws IOException {
        boolean listens = isListening();
        synchronized (this) {
            targetListens = listens;
        }
        adjustDoor();
        return listens;
    }

    private boolean isListening() {
        try (Socket socket = new Socket()) {
            socket.connect(target, CONNECT_TIMEOUT_MS);
            return true;
        } catch (ConnectException refused) {
            return false;
        } catch (IOException silent) {
            return true; // A process that is stopped takes no more than its backlog.
        }
    }

    /** After a gate was shut or opened. */
    synchronized void adjustDoor() throws IOException {
        boolean open = !closed && (targetListens || isCut());
        if (open && door == null) {
            ServerSocket fresh = new ServerSocket();
            fresh.setReuseAddress(true);
            fresh.bind(address, 128);
            door = fresh;
            doorkeeper = Thread.ofVirtual().name("link-" + address).start(() -> accept(fresh));
        } else if (!open && door != null) {
            door.close();
            awaitDoorkeeper(); // The port is free only when nobody waits at it any more.
            door = null;
        }
    }

    private void awaitDoorkeeper() throws IOException {
        try {
            doorkeeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while closing " + address);
        }
    }

    /** Resets all connections. */
    void breakConnections() {
        for (Socket socket : sockets) {
            reset(socket);
        }
    }

    private void accept(ServerSocket from) {
        while (true) {
            try {
                Socket dialled = from.accept();
                sockets.add(dialled);
                Thread.ofVirtual().name("link-" + address).start(() -> serve(dialled));
            } catch (IOException doorClosed) {
                return;
            }
        }
    }

    private void serve(Socket dialled) {
        Socket onward = new Socket();
        sockets.add(onward);
        try {
            there.pass();
            back.pass();
            dialled.setTcpNoDelay(true);
            onward.setTcpNoDelay(true);
            onward.connect(target, CONNECT_TIMEOUT_MS);
            Thread forth = Thread.ofVirtual().start(() -> pump(dialled, onward, there));
            pump(onward, dialled, back);
            forth.join();
        } catch (IOException | InterruptedException unreachable) {
            lookAgain();
        } finally {
            reset(dialled);
            reset(onward);
        }
    }

    private void pump(Socket from, Socket to, Gate gate) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                gate.pass();
                out.write(chunk, 0, n);
            }
            ended(gate);
            to.shutdownOutput();
        } catch (IOException | InterruptedException broken) {
            ended(gate);
            reset(from);
            reset(to);
        }
    }

    /** The end takes the same way as the bytes; who hears of it and dials again is to find the door as the target's is. */
    private void ended(Gate gate) {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lookAgain();
    }

    private void lookAgain() {
        try {
            lookAtTarget();
        } catch (IOException e) {
            throw new IllegalStateException("Expected to listen at " + address, e);
        }
    }

    private void reset(Socket socket) {
        sockets.remove(socket);
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException alreadyClosed) {
            // Nothing to reset any more.
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("Expected to close a connection to " + target, e);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        adjustDoor();
        there.open();
        back.open();
        breakConnections();
    }
}
