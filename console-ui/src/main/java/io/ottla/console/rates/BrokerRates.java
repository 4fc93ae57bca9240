package io.ottla.console.rates;

import java.time.Duration;

/**
 * What a broker does at the moment. What is unknown is not a number; a text is empty.
 *
 * @param version of its software
 * @param uptime since it began to serve; null where it does not tell
 * @param bytesIn from producers, a second
 * @param bytesOut to consumers, a second
 * @param messagesIn records, a second
 * @param requests of all kinds, a second
 * @param replicationIn bytes from leaders elsewhere, a second
 * @param replicationOut bytes to followers elsewhere, a second
 * @param cpu processors' share that its process takes: 1 is one processor
 * @param connections open now
 */
public record BrokerRates(
        String version,
        Duration uptime,
        double bytesIn,
        double bytesOut,
        double messagesIn,
        double requests,
        double replicationIn,
        double replicationOut,
        double cpu,
        double connections) {
    public static final BrokerRates UNKNOWN = new BrokerRates(
            "", null, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
