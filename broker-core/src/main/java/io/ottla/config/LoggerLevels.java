package io.ottla.config;

import java.util.SortedMap;

/** The levels of the process's loggers, by name: the root logger is {@code ROOT}. Thread-safe. */
@FunctionalInterface
public interface LoggerLevels {
    /** Levels are {@code FATAL}, {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG}, {@code TRACE}, {@code OFF}. */
    SortedMap<String, String> levels();
}
