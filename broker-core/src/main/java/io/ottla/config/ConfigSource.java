package io.ottla.config;

/** Where a value in force comes from. Numbers are the protocol's (DescribeConfigs). */
public enum ConfigSource {
    DYNAMIC_TOPIC_CONFIG(1),
    DYNAMIC_BROKER_CONFIG(2),
    DYNAMIC_DEFAULT_BROKER_CONFIG(3),
    STATIC_BROKER_CONFIG(4),
    DEFAULT_CONFIG(5),
    DYNAMIC_BROKER_LOGGER_CONFIG(6),
    DYNAMIC_CLIENT_METRICS_CONFIG(7),
    DYNAMIC_GROUP_CONFIG(8);

    private final byte wire;

    ConfigSource(int wire) {
        this.wire = (byte) wire;
    }

    /** The source's number in DescribeConfigs. */
    public byte wire() {
        return wire;
    }
}
