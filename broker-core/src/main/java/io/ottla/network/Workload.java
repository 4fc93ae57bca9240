package io.ottla.network;

import java.util.concurrent.atomic.LongAdder;

/**
 * What all connections of a server have under way, summed up for its meters. Thread-safe.
 *
 * @param requests requests that left their event loop before their first stage was over
 * @param answers answers that are ready and wait for earlier ones or for their socket
 * @param busyNs nanoseconds that bursts of requests have held event loops
 */
record Workload(LongAdder requests, LongAdder answers, LongAdder busyNs) {
    Workload() {
        this(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
