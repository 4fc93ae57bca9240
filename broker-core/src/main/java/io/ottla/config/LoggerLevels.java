package io.ottla.config;

import java.util.SortedMap;

/** The levels of the process's loggers, by name. Thread-safe. */
@FunctionalInterface
public interface LoggerLevels {
    /** The root logger, as Kafka's brokers name it; {@code ROOT}, as other tools write it, means the same. */
    String ROOT = "root";

    /** The name of a logger that was asked for. */
    static String named(String asked) {
        return asked.equalsIgnoreCase(ROOT) ? ROOT : asked;
    }

    /** Levels are {@code FATAL}, {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG}, {@code TRACE}, {@code OFF}. */
    SortedMap<String, String> levels();
}
