package io.ottla.app.process;

import io.ottla.replication.CatchUp;
import io.ottla.types.BrokerId;
import io.ottla.types.Figures;
import io.ottla.zookeeper.ConsoleNodes;
import io.ottla.zookeeper.NodeTree;
import io.ottla.zookeeper.SessionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one broker on a thread of its own, so that it listens while Spring still builds the console, and closes it
 * once. A start that fails closes what it had opened.
 *
 * <p>Thread-safe. {@link #close} may come at any time, also in the middle of a start, which it interrupts.
 */
public final class BrokerProcess implements AutoCloseable {
    /** Makes the broker, not yet started. May block: an embedded ZooKeeper comes up first. */
    @FunctionalInterface
    public interface Factory {
        RunningBroker make() throws InterruptedException;
    }

    private static final Logger log = LoggerFactory.getLogger(BrokerProcess.class);

    /** How long an interrupted start may take to notice. */
    private static final Duration ABANDON = Duration.ofSeconds(10);

    /** How long closing may take before the process ends without it: a little less than Kubernetes users allow for. */
    private static final Duration CLOSE = Duration.ofMinutes(4);

    private final Factory factory;
    private final Consumer<String> lost;
    private final Thread starter;
    private final CompletableFuture<RunningBroker> started = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile RunningBroker broker;

    /** @param lost called with the reason when the broker can't serve any more, as when its last log folder fails */
    public BrokerProcess(Factory factory, Consumer<String> lost) {
        this.factory = factory;
        this.lost = lost;
        this.starter = Thread.ofPlatform().name("ottla-start").unstarted(this::run);
    }

    /** Begins the start and returns at once. Further calls do nothing. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            starter.start();
        }
    }

    /** Instead of {@link #begin}: makes what a start makes, and opens nothing. */
    public void rehearse() throws InterruptedException {
        try (RunningBroker made = factory.make()) {
            made.rehearse();
        }
    }

    /**
     * Waits until the broker serves.
     *
     * @return false when it is still on its way after that time
     * @throws StartFailure when it can't start
     */
    public boolean await(Duration patience) throws InterruptedException {
        try {
            started.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillStarting) {
            return false;
        } catch (ExecutionException failed) {
            throw asStartFailure(failed.getCause());
        }
    }

    /** Calls one of both, now or later: with the broker that serves, or with why there is none. */
    public void whenStarted(Consumer<RunningBroker> serves, Consumer<StartFailure> failed) {
        started.whenComplete((running, failure) -> {
            if (failure == null) {
                serves.accept(running);
            } else {
                failed.accept(asStartFailure(failure));
            }
        });
    }

    public RunningBroker.State state() {
        if (closed.isDone()) {
            return RunningBroker.State.STOPPED;
        }
        if (closing.get()) {
            return RunningBroker.State.STOPPING;
        }
        if (started.isCompletedExceptionally()) {
            return RunningBroker.State.FAILED;
        }
        RunningBroker present = broker;
        return present == null ? RunningBroker.State.STARTING : present.state();
    }

    /** How the broker's session with ZooKeeper stands; null as long as there was none. */
    public SessionStatus zooKeeper() {
        RunningBroker present = broker;
        return present == null ? null : present.zooKeeper();
    }

    /** What consoles keep in the broker's ZooKeeper; null as long as there was no session. */
    public ConsoleNodes consoleNodes() {
        RunningBroker present = broker;
        return present == null ? null : present.consoleNodes();
    }

    /** The nodes of the broker's ZooKeeper; null as long as there was no session. */
    public NodeTree nodes() {
        RunningBroker present = broker;
        return present == null ? null : present.nodes();
    }

    /** What the broker has yet to do behind its start; null until it serves. */
    public CatchUp catchUp() {
        RunningBroker present = broker;
        return present == null ? null : present.catchUp();
    }

    /** Whether other brokers can connect to this one. */
    public boolean isListening() {
        RunningBroker present = broker;
        return present != null && present.isListening();
    }

    /** Where this process itself reaches the broker; empty as long as it does not listen. */
    public String bootstrap() {
        RunningBroker present = broker;
        return present == null ? "" : present.bootstrap();
    }

    /** Some metrics of all live brokers; none until this one serves. */
    CompletionStage<Map<BrokerId, Figures>> figures(List<String> names, List<String> topics) {
        RunningBroker present = broker;
        return present == null ? CompletableFuture.completedFuture(Map.of()) : present.figures(names, topics);
    }

    /** Who the broker is; empty as long as it does not serve. */
    public Optional<RunningBroker.Identity> identity() {
        RunningBroker present = broker;
        return present == null ? Optional.empty() : present.identity();
    }

    /** Ends a start that is under way, and waits until all is closed; leaves a broker alone that serves. */
    public void abandonStart() {
        if (begun.get() && !started.isDone()) {
            close();
        }
    }

    /** Whether it was told to close, in the middle of a start or later. */
    boolean isClosing() {
        return closing.get();
    }

    /** Closes the broker and waits until it is closed, also when another thread is at it. */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            Thread closer = Thread.ofPlatform().name("ottla-stop").start(this::stop);
            closer.setUncaughtExceptionHandler((thread, failure) -> log.error("Closing the broker failed", failure));
        }
        try {
            closed.get(CLOSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException failed) {
            log.error("Closing the broker failed", failed.getCause());
        } catch (TimeoutException late) {
            log.error("The broker did not close within {}; the next start will recover its logs", CLOSE);
        }
    }

    private void run() {
        try {
            RunningBroker made = factory.make();
            broker = made;
            made.failure().thenAccept(lost);
            made.start();
            started.complete(made);
        } catch (InterruptedException abandoned) {
            started.completeExceptionally(StartFailure.stopped(abandoned));
        } catch (RuntimeException | Error failure) {
            if (closing.get()) {
                log.debug("The start broke off", failure);
                started.completeExceptionally(StartFailure.stopped(failure));
                return;
            }
            if (!(failure instanceof StartFailure)) {
                log.error("The start failed in an unexpected way", failure);
            }
            started.completeExceptionally(failure);
        }
    }

    private void stop() {
        try {
            if (begun.get()) {
                if (!started.isDone()) {
                    log.info("Stopped while it was starting");
                    starter.interrupt();
                }
                starter.join(ABANDON);
            }
            RunningBroker present = broker;
            if (present != null) {
                present.close();
            }
            closed.complete(null);
        } catch (InterruptedException | RuntimeException | Error failure) {
            closed.completeExceptionally(failure);
        }
    }

    private static StartFailure asStartFailure(Throwable failure) {
        return failure instanceof StartFailure known
                ? known
                : new StartFailure("Unexpected failure: " + failure + "; the log has its trace.", failure);
    }
}
