package io.ottla.config;

import java.util.Set;
import java.util.SortedMap;

/** The levels of the process's loggers, by name (KIP-412). Thread-safe; never blocks for long. */
public interface LoggerLevels {
    /** The root logger, as Kafka's brokers name it; {@code ROOT}, as other tools write it, means the same. */
    String ROOT = "root";

    /** Levels that can be set. At {@code FATAL} nothing is logged, for nobody here logs anything as fatal. */
    Set<String> SETTABLE = Set.of("FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

    /** The name of a logger that was asked for. */
    static String named(String asked) {
        return asked.equalsIgnoreCase(ROOT) ? ROOT : asked;
    }

    /** Levels in force, each one of {@link #SETTABLE}. */
    SortedMap<String, String> levels();

    /**
     * Gives a logger a level of its own.
     *
     * @param logger one of those that {@link #levels} names
     * @param level one of {@link #SETTABLE}
     */
    void set(String logger, String level);

    /**
     * Takes a logger's own level away, so that it has that of the logger above it, in the end the root's.
     *
     * @param logger one of those that {@link #levels} names, but not the root
     */
    void unset(String logger);
}
