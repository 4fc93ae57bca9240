package io.ottla.zookeeper;

import java.util.ArrayDeque;

/**
 * Bounds how many requests are on their way to ZooKeeper ({@code zookeeper.max.in.flight.requests}); the others wait in
 * their order, so that reading a large cluster is pipelined and does not flood the server. Thread-safe.
 */
public final class RequestWindow {
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final int size;
    private int inFlight;

    /** @param size how many may be on their way at once; 1 or more */
    public RequestWindow(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("Expected a window of 1 request or more, but got " + size);
        }
        this.size = size;
    }

    /** Sends now or when there is room. Each begin is matched by one {@link #end}. */
    public void begin(Runnable send) {
        synchronized (lock) {
            if (inFlight == size) {
                waiting.add(send);
                return;
            }
            inFlight++;
        }
        send.run();
    }

    /** A request was answered: its room goes to the one that waits longest. */
    public void end() {
        Runnable next;
        synchronized (lock) {
            next = waiting.poll();
            if (next == null) {
                inFlight--;
            }
        }
        if (next != null) {
            next.run();
        }
    }

    /** Requests that wait for room. */
    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }
}
