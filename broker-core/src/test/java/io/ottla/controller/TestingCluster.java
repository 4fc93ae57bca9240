package io.ottla.controller;

import io.ottla.config.ControllerProperties;
import io.ottla.config.TopicDefaults;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A controller over a store in memory; everything happens when {@link #settle} is called. */
public final class TestingCluster implements ControllerElection {
    public final TestingStore store = new TestingStore();
    public final List<ImageStep> steps = new ArrayList<>();
    public final Metrics metrics = new Metrics();
    /** What the controller works with, for who makes a part of it by itself. */
    final Controller.Ports ports;

    public final Controller controller;
    public ClusterImage image = ClusterImage.EMPTY;
    /** Completes each step's stage; null to complete them at once. */
    public CompletableFuture<Void> inForce;
    /** Whether this broker was told nothing of the cluster before its term. */
    public boolean blind;

    /** How often somebody wanted to know anew who is the controller. */
    public int looks;

    public long wallMs = 1_000_000_000;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Runnable> timers = new ArrayList<>();
    private Consumer<Event> candidate = event -> {};
    private int epoch;

    public TestingCluster() {
        this(TopicDefaults.DEFAULTS);
    }

    public TestingCluster(TopicDefaults defaults) {
        this(defaults, Optional.empty());
    }

    /** One that goes on by the defaults, and balances leaders. */
    TestingCluster(ControllerProperties.Balancing balancing) {
        this(TopicDefaults.DEFAULTS, Optional.of(balancing));
    }

    private TestingCluster(TopicDefaults defaults, Optional<ControllerProperties.Balancing> balancing) {
        ports = new Controller.Ports(
                this,
                store,
                this::publish,
                (resource, configs, asked) ->
                        configs.containsKey("bad") ? Failure.of(Errors.INVALID_CONFIG, "bad") : null,
                Policies.NONE,
                new Random(7),
                clock(),
                this::schedule,
                tasks::add,
                this::seen,
                metrics);
        controller = new Controller(
                new BrokerId(1),
                defaults,
                new ControllerProperties(false, 1, 1000, 10_000, balancing, Map.of("some.version", (short) 2)),
                ports);
    }

    /** What this broker was told before a term, unless it is blind; before the first one, that the store's brokers are there. */
    private ClusterImage seen() {
        if (blind) {
            return ClusterImage.EMPTY;
        }
        if (!image.version().equals(ImageVersion.NONE)) {
            return image;
        }
        ClusterImage told = ClusterImage.EMPTY.at(new ImageVersion(new ControllerEpoch(0), 1));
        for (BrokerImage broker : store.brokers.values()) {
            told = told.with(new MetadataChange.BrokerSet(broker));
        }
        return told;
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public long wallMs() {
                return wallMs;
            }

            @Override
            public long monotonicNs() {
                return wallMs * 1_000_000;
            }
        };
    }

    public Timer timer() {
        return this::schedule;
    }

    private Timer.Timeout schedule(long delayMs, Runnable task) {
        timers.add(task);
        return () -> timers.remove(task);
    }

    private CompletionStage<Void> publish(ImageStep step) {
        ClusterImage applied =
                image.of(step.after().clusterId()).with(step.after().version(), step.changes());
        if (!ImageDifference.between(applied, step.after()).isEmpty()
                || !applied.version().equals(step.after().version())) {
            throw new AssertionError("Expected the changes to lead to " + step.after() + ", but got " + applied);
        }
        if (image.version().compareTo(step.after().version()) >= 0) {
            throw new AssertionError(
                    "Expected versions to rise, but " + step.after().version() + " came after " + image.version());
        }
        image = step.after();
        steps.add(step);
        return inForce == null ? CompletableFuture.completedFuture(null) : inForce;
    }

    /** Wins the next epoch. */
    public TestingCluster elect() {
        if (epoch == 0) {
            controller.start();
        }
        settle();
        epoch++;
        store.epochVersion = epoch;
        candidate.accept(new Event.Elected(new ControllerEpoch(epoch), epoch));
        return settle();
    }

    public void tell(Event event) {
        candidate.accept(event);
        settle();
    }

    /** Does all there is to do. */
    public TestingCluster settle() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
        return this;
    }

    /** Lets all timers run off, as often as new ones come, up to so many times. */
    public void passTime(int times) {
        for (int i = 0; i < times; i++) {
            List<Runnable> due = List.copyOf(timers);
            timers.clear();
            due.forEach(Runnable::run);
            settle();
        }
    }

    public <T> T await(CompletionStage<T> stage) {
        settle();
        return stage.toCompletableFuture().getNow(null);
    }

    @Override
    public void start(Consumer<Event> listener) {
        candidate = listener;
    }

    @Override
    public void removeDead(BrokerId suspect) {}

    @Override
    public void lookAgain() {
        looks++;
    }

    @Override
    public CompletionStage<Void> resign() {
        return CompletableFuture.completedFuture(null);
    }
}
