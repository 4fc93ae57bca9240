package io.ottla.config;

import java.util.SortedMap;
import java.util.TreeMap;

/** Loggers in a map. */
public final class TestingLoggers implements LoggerLevels {
    private final SortedMap<String, String> levels = new TreeMap<>();

    /** With a root at WARN and one logger at INFO. */
    public TestingLoggers() {
        levels.put(ROOT, "WARN");
        levels.put("io.ottla", "INFO");
    }

    @Override
    public synchronized SortedMap<String, String> levels() {
        return new TreeMap<>(levels);
    }

    @Override
    public synchronized void set(String logger, String level) {
        levels.put(logger, level);
    }

    @Override
    public synchronized void unset(String logger) {
        levels.put(logger, levels.get(ROOT));
    }
}
