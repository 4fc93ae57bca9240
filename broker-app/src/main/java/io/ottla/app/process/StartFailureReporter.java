package io.ottla.app.process;

import io.ottla.network.ListenProbe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why the process can't start in one line where the reason is known; all else is left to Spring's reporters. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {
    private static final Logger log = LoggerFactory.getLogger(StartFailureReporter.class);

    private final ConfigurableApplicationContext context;

    /** @param context null where it failed before there was one */
    StartFailureReporter(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public boolean reportException(Throwable failure) {
        if (isStopping()) {
            log.debug("The start broke off", failure);
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartFailure known) {
                report(known);
                return true;
            }
            if (cause instanceof PortInUseException taken) {
                report(new StartFailure(
                        FreePorts.console(settingOf(taken.getPort()), taken.getPort(), ListenProbe.IN_USE)));
                return true;
            }
        }
        return false;
    }

    private String settingOf(int port) {
        return context == null ? FreePorts.CONSOLE : FreePorts.settingOf(port, context.getEnvironment());
    }

    /** Whether somebody stopped the process meanwhile: Spring then fails in one way or another, and nothing is wrong. */
    private boolean isStopping() {
        return context != null
                && context.getBeanFactory().getSingleton("brokerProcess") instanceof BrokerProcess process
                && process.isClosing();
    }

    /** One line for each reason. */
    static void report(StartFailure failure) {
        if (failure.isStop()) {
            return; // who stopped it knows, and BrokerProcess has said so
        }
        failure.getMessage().lines().forEach(reason -> log.error("Ottla can't start: {}", reason));
    }
}
