package io.ottla.app;

/** Whose brokers {@link ThreeBrokers} are. */
public enum BrokerMake {
    OTTLA,
    /** Kafka 3.9, the last that keeps its state in ZooKeeper, in Ottla's layout. */
    KAFKA_ON_ZOOKEEPER,
    /** Kafka 4.3: each broker is a controller as well. */
    KAFKA_ON_KRAFT
}
