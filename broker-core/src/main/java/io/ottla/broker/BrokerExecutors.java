package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.storage.StorageThreads;
import io.ottla.time.Timer;
import java.util.concurrent.Executor;

/**
 * Where a broker's work runs, but for what its connections bring: a machine's threads, or a simulator's single one. Thread-safe.
 */
public interface BrokerExecutors extends AutoCloseable {
    Timer timer();

    StorageThreads storage();

    /** For what must leave an event loop: large decompression, recompression, deletion of records. Any order. */
    Executor workers();

    /** For operations of coordinators. Any order. */
    Executor coordinators();

    /** For reading the logs of coordinators. Any order. */
    Executor loaders();

    /** For what decides and never blocks. Any order. */
    Executor control();

    /** What keeps an order. */
    BrokerOrders orders();

    /** Goes on with other numbers of threads. */
    void resize(BrokerConfig config);

    /** Ends all threads, once what they have been given is done. */
    @Override
    void close();
}
