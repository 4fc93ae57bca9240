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
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogbackLevels.class);
    private static final String FATAL = "FATAL";

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

    /** Logback knows a level below TRACE that the protocol does not, and for the protocol's highest it has none but OFF. */
    private static String named(Level level) {
        if (level.toInt() > Level.ERROR_INT) {
            return FATAL;
        }
        return level.toInt() < Level.TRACE_INT ? Level.TRACE.toString() : level.toString();
    }

    @Override
    public void set(String logger, String level) {
        change(logger, level.equals(FATAL) ? Level.OFF : Level.toLevel(level, null));
    }

    @Override
    public void unset(String logger) {
        change(logger, null);
    }

    private static void change(String name, Level level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Logger logger = context.getLogger(name.equals(ROOT) ? Logger.ROOT_LOGGER_NAME : name);
            logger.setLevel(level);
            LOG.info("Logger {} is at {} from now on", name, named(logger.getEffectiveLevel()));
        }
    }
}
