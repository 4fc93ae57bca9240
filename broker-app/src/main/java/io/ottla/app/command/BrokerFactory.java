package io.ottla.app.command;

import io.ottla.app.process.RunningBroker;
import io.ottla.config.BrokerConfig;
import io.ottla.metrics.Metrics;

/** Makes the broker of a configuration. */
@FunctionalInterface
public interface BrokerFactory {
    /** Makes it, not yet started; an embedded ZooKeeper comes up here. */
    RunningBroker make(BrokerConfig config, Metrics metrics) throws InterruptedException;
}
