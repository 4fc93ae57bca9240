package io.ottla.app;

/** A broker in a process of its own, Ottla's or Kafka's. */
public interface RunningBroker extends AutoCloseable {
    /** Where it serves clients. */
    String bootstrap();

    /** Waits until it serves clients. */
    RunningBroker awaitReady();

    boolean isAlive();

    /** What SIGTERM does; returns when it has ended. */
    void stop() throws InterruptedException;

    /** What SIGKILL does; does not wait. */
    void kill();

    /** What SIGKILL does; returns when it is dead. */
    @Override
    void close();
}
