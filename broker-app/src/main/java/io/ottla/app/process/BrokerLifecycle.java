package io.ottla.app.process;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Ties the broker's life to Spring's: the web server waits for it at start, and it ends after the web server.
 *
 * <p>A broker that needs long (it recovers logs after a crash) does not hold the web server up for ever: the probes have
 * to answer meanwhile, or an orchestrator kills a broker that only does its duty.
 */
final class BrokerLifecycle implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(BrokerLifecycle.class);

    private final BrokerProcess process;
    private final Duration patience;
    private final Runnable failedLate;
    private volatile boolean running;

    /**
     * @param patience how long the web server waits
     * @param failedLate called when the broker turns out not to start after Spring has stopped waiting for it
     */
    BrokerLifecycle(BrokerProcess process, Duration patience, Runnable failedLate) {
        this.process = process;
        this.patience = patience;
        this.failedLate = failedLate;
    }

    @Override
    public void start() {
        process.begin();
        running = true;
        try {
            if (!process.await(patience)) {
                log.info("The broker is still starting ({}); the probes answer meanwhile", process.state());
                process.whenStarted(broker -> {}, failure -> {
                    StartFailureReporter.report(failure);
                    failedLate.run();
                });
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw StartFailure.stopped(interrupted);
        }
    }

    /** Blocks until the broker is closed, so that it has its own time and not that of Spring's phases. */
    @Override
    public void stop() {
        running = false;
        process.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** First to start, last to stop. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE;
    }
}
