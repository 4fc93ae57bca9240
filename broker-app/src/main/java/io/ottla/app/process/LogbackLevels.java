package io.ottla.app.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.ottla.config.LoggerLevels;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** The levels of this process's loggers, in the words of Kafka's admin protocol. Thread-safe. */
final class LogbackLevels implements LoggerLevels {
    @Override
    public SortedMap<String, String> levels() {
        SortedMap<String, String> levels = new TreeMap<>();
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            for (Logger logger : context.getLoggerList()) {
                String name = logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
                levels.put(name, named(logger.getEffectiveLevel()));
            }
        }
        return levels;
    }

    /** Logback knows a level below TRACE, that the protocol does not. */
    private static String named(Level level) {
        return level.toInt() < Level.TRACE_INT ? Level.TRACE.toString() : level.toString();
    }
}
