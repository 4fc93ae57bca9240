package io.ottla.zookeeper;

import io.ottla.config.ZooKeeperProperties;
import java.util.ArrayDeque;

/**
 * Bounds how many requests are on their way to ZooKeeper ({@code zookeeper.max.in.flight.requests}); the others wait in
 * their order, so that reading a large cluster is pipelined and does not flood the server. Thread-safe.
 *
 * <p>What reads all of the cluster has a window of its own: a new controller can do nothing before it has, the server answers
 * reads from memory, and nobody else waits behind a hundred thousand of them.
 */
public final class RequestWindow {
    /** With more of them a controller has read no sooner, by measurement. */
    private static final int READS = 200;

    private final Object lock = new Object();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final int size;
    private int inFlight;
    private boolean sending;

    /** @param size how many may be on their way at once; 1 or more */
    public RequestWindow(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("Expected a window of 1 request or more, but got " + size);
        }
        this.size = size;
    }

    /** For requests that read all of the cluster: as large as the setting where that is larger. */
    public static RequestWindow ofReads(ZooKeeperProperties properties) {
        return new RequestWindow(Math.max(READS, properties.maxInFlightRequests()));
    }

    /** Sends now or when there is room, in the order of the calls. Each begin is matched by one {@link #end}. */
    public void begin(Runnable send) {
        synchronized (lock) {
            waiting.add(send);
        }
        sendWaiting();
    }

    /** A request was answered: its room goes to the one that waits longest. */
    public void end() {
        synchronized (lock) {
            inFlight--;
        }
        sendWaiting();
    }

    /** One thread sends at a time, so that the order is kept, and so that requests that fail at once pile up on no stack. */
    private void sendWaiting() {
        synchronized (lock) {
            if (sending) {
                return;
            }
            sending = true;
        }
        boolean over = false;
        try {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
            over = true;
        } finally {
            if (!over) {
                synchronized (lock) {
                    sending = false;
                }
            }
        }
    }

    /** Null where there is none, or no room: then whoever comes next sends. */
    private Runnable next() {
        synchronized (lock) {
            if (waiting.isEmpty() || inFlight >= size) {
                sending = false;
                return null;
            }
            inFlight++;
            return waiting.poll();
        }
    }
}
