package io.ottla.console.state;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Does something again and again while the console runs, on a thread of its own. What fails is tried again the next time. */
public final class Repeated implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Repeated.class);

    private final String name;
    private final Duration pause;
    private final Runnable task;
    private volatile CountDownLatch end;

    /** @param pause between one time and the next; the first is after one too */
    public Repeated(String name, Duration pause, Runnable task) {
        this.name = name;
        this.pause = pause;
        this.task = task;
    }

    @Override
    public void start() {
        CountDownLatch stopped = new CountDownLatch(1);
        end = stopped;
        Thread.ofVirtual().name(name).start(() -> run(stopped));
    }

    private void run(CountDownLatch stopped) {
        try {
            while (!stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    task.run();
                } catch (RuntimeException failure) {
                    log.debug("{} is tried again", name, failure);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        CountDownLatch running = end;
        if (running != null) {
            running.countDown();
            end = null;
        }
    }

    @Override
    public boolean isRunning() {
        return end != null;
    }

    /** Behind the broker at the start, before it at the end. */
    @Override
    public int getPhase() {
        return 0;
    }
}
