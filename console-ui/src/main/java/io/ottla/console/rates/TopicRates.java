package io.ottla.console.rates;

/**
 * What goes through a topic at the moment, at all brokers together. What is unknown is not a number.
 *
 * @param bytesIn from producers, a second
 * @param bytesOut to consumers, a second
 * @param messagesIn records, a second
 */
public record TopicRates(double bytesIn, double bytesOut, double messagesIn) {
    public static final TopicRates UNKNOWN = new TopicRates(Double.NaN, Double.NaN, Double.NaN);

    TopicRates plus(TopicRates other) {
        return new TopicRates(bytesIn + other.bytesIn, bytesOut + other.bytesOut, messagesIn + other.messagesIn);
    }
}
