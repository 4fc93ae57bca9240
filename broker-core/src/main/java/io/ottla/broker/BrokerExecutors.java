package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.storage.StorageThreads;
import io.ottla.time.Timer;
import java.util.concurrent.Executor;

/**
 * Where a broker's work runs, but for what its connections bring: a machine's threads, or a simulator's single one. Those
 * that keep an order run what they are given one after the other, and what one task wrote the next one sees. Thread-safe.
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

    /** For what happens to the session with ZooKeeper. In order. */
    Executor session();

    /** In order. */
    Executor registration();

    /** The controller's thread. In order. */
    Executor controller();

    /** The metadata thread. In order. */
    Executor metadata();

    /** For the metadata poll: not behind what the image's listeners do. In order. */
    Executor poll();

    /** For what the controller's broker is asked by polls: not behind decisions. In order. */
    Executor publisher();

    /** For changes of settings that take a while. In order. */
    Executor reconfiguration();

    /** For what this broker proposes to the controller of its own accord. In order. */
    Executor losses();

    /** In order. */
    Executor producerIds();

    /** Goes on with other numbers of threads. */
    void resize(BrokerConfig config);

    /** Ends all threads, once what they have been given is done. */
    @Override
    void close();
}
