package io.ottla.simulation;

/** A clock that only events move, and the events to come. */
interface Later {
    /** Nanoseconds since the simulation began. */
    long nowNs();

    /** @param delayNs 0 or more, from now */
    void after(long delayNs, Runnable task);
}
