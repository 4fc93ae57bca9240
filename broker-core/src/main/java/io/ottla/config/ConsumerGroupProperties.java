package io.ottla.config;

/**
 * A consumer group's configuration, complete: every value is set on the group, or comes from the broker's default for
 * it (KIP-848). Made by {@link GroupConfigs}.
 *
 * @param sessionTimeoutMs {@code consumer.session.timeout.ms}: how long a silent member stays; more than the interval
 * @param heartbeatIntervalMs {@code consumer.heartbeat.interval.ms}: how often members are told to report
 * @param assignmentIntervalMs {@code consumer.assignment.interval.ms}: between two assignments at least; 0 or more
 */
public record ConsumerGroupProperties(int sessionTimeoutMs, int heartbeatIntervalMs, int assignmentIntervalMs) {
    /** Kafka's defaults; the starting point of tests. */
    public static final ConsumerGroupProperties DEFAULTS = new ConsumerGroupProperties(45_000, 5_000, 1_000);
}
