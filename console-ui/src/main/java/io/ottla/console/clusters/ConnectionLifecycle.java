package io.ottla.console.clusters;

import org.springframework.context.SmartLifecycle;

/**
 * Closes the console's connections when the web server has stopped and before the broker beside it does: a client whose
 * broker goes away first complains, and tries to find it again.
 */
public final class ConnectionLifecycle implements SmartLifecycle {
    private final Clusters clusters;
    private volatile boolean running;

    public ConnectionLifecycle(Clusters clusters) {
        this.clusters = clusters;
    }

    /** Nothing to do: the first call connects. */
    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        clusters.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Between the web server, which stops first, and the broker, which stops last. */
    @Override
    public int getPhase() {
        return 0;
    }
}
