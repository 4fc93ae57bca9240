package io.ottla.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import org.slf4j.LoggerFactory;

/** Hears what brokers log while it is open: an error with the trace of anything but a failing disk is a bug. */
final class LogAlarm extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.ottla");
    private final Level before = logger.getLevel();
    private final boolean verbose;
    private Throwable bug;
    private String line;

    /** @param verbose whether all lines go where they usually go too */
    LogAlarm(boolean verbose) {
        this.verbose = verbose;
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
        logger.setAdditive(verbose);
        logger.setLevel(verbose ? Level.toLevel(System.getProperty("level"), Level.INFO) : Level.ERROR);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.ERROR)
                && event.getThrowableProxy() instanceof ThrowableProxy proxy
                && bug == null
                && isBug(proxy.getThrowable())) {
            bug = proxy.getThrowable();
            line = event.getFormattedMessage();
        }
    }

    private static boolean isBug(Throwable why) {
        for (Throwable each = why; each != null; each = each.getCause()) {
            if (each instanceof IOException || each instanceof Ended) {
                return false;
            }
        }
        return true;
    }

    /** Throws where a bug was logged. */
    void check() {
        if (bug != null) {
            Violation violation = new Violation("A broker logs: " + line);
            violation.initCause(bug);
            bug = null;
            throw violation;
        }
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(before);
    }

    boolean isVerbose() {
        return verbose;
    }
}
