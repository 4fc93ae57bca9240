package io.ottla.chaos.workload;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that lives one client's life after the other, until it is told to stop. */
abstract class Client {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);

    final Random random;
    private final Thread thread;
    private volatile boolean over;

    Client(String name, long seed) {
        random = new Random(seed);
        thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    private void run() {
        while (!over) {
            try {
                live();
            } catch (RuntimeException e) {
                LOG.warn("A client's life ended by an error; the next one begins", e);
                pause(500);
            }
        }
    }

    /** One client from its making to its end, which is soon where it is told to stop. */
    abstract void live();

    boolean isOver() {
        return over;
    }

    void pause(long ms) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    void start() {
        thread.start();
    }

    void stop() {
        over = true;
    }

    void join() throws InterruptedException {
        thread.join();
    }
}
