package io.ottla.config;

import java.util.List;
import java.util.Map;

/**
 * Settings that say the same in other units or in other places: the first that is set counts. Source: Kafka 3.9's
 * documentation of each.
 */
final class Synonyms {
    private static final Map<String, List<String>> BROKER = Map.of(
            "log.retention.ms",
            List.of("log.retention.ms", "log.retention.minutes", "log.retention.hours"),
            "log.retention.minutes",
            List.of("log.retention.minutes", "log.retention.hours"),
            "log.roll.ms",
            List.of("log.roll.ms", "log.roll.hours"),
            "log.roll.jitter.ms",
            List.of("log.roll.jitter.ms", "log.roll.jitter.hours"),
            "log.flush.interval.ms",
            List.of("log.flush.interval.ms", "log.flush.scheduler.interval.ms"));

    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    private Synonyms() {}

    /** The names that a broker's setting is looked up under, itself first; a listener's own goes before the general. */
    static List<String> ofBroker(String name) {
        String general = ListenerNames.general(name);
        if (general != null) {
            return List.of(name, general);
        }
        return BROKER.getOrDefault(name, List.of(name));
    }

    /** The value in milliseconds of the first setting of a chain that is set. */
    static long millis(ConfigValues values, String name) {
        for (String synonym : ofBroker(name)) {
            if (values.has(synonym)) {
                long value = values.number(synonym);
                return value < 0 ? value : value * unitMs(synonym);
            }
        }
        throw new IllegalStateException("Expected a value of " + name + ", but there is none");
    }

    private static long unitMs(String name) {
        if (name.endsWith(".hours")) {
            return HOUR_MS;
        }
        return name.endsWith(".minutes") ? MINUTE_MS : 1;
    }
}
