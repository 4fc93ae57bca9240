package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that tells all parts of this broker how the cluster looks. Listeners are told in a fixed order, of each
 * step once, on the metadata thread, and without waiting for what an earlier step asked of them. The image becomes the one
 * that everybody reads when all of them act by it: who learns of a leader here finds it ready (DESIGN §5, "created means
 * usable"). Nobody waits for that but the image itself, and it no longer than {@value #PATIENCE_MS} ms: one log that does
 * not open hides no cluster. A listener that fails is logged and counted, and stops nobody else.
 */
public final class ImageApplier implements MetadataSource.Sink, MetadataView {
    private static final Logger LOG = LoggerFactory.getLogger(ImageApplier.class);

    /** As long as a broker that says nothing counts as alive: what hangs longer is a fault, not work. */
    static final long PATIENCE_MS = 3_000;

    private final List<ImageListener> listeners;
    private final Executor metadataThread;
    private final Clock clock;
    private final Timer timer;
    private final Counter errors;
    private final Counter impatience;
    private final Distribution duration;

    /** Somebody who waits for an image to be shown. Two that wait for the same are two. */
    private record Awaited(ImageVersion version, CompletableFuture<Void> done) {}

    private final Queue<Awaited> waiting = new ConcurrentLinkedQueue<>();
    private volatile ClusterImage shown = ClusterImage.EMPTY;
    /** On the metadata thread: what listeners were told last. */
    private ClusterImage told = ClusterImage.EMPTY;
    /** On the metadata thread: when that is shown. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * @param listeners in the order in which they are told
     * @param metadataThread runs one task after the other
     */
    public ImageApplier(
            List<ImageListener> listeners, Executor metadataThread, Clock clock, Timer timer, Metrics metrics) {
        this.listeners = List.copyOf(listeners);
        this.metadataThread = metadataThread;
        this.clock = clock;
        this.timer = timer;
        this.errors = metrics.counter(
                "kafka_server_brokermetadatametrics_metadataapplyerror_total",
                "Steps of metadata that a part of this broker failed to act on",
                Labels.NONE);
        this.impatience = metrics.counter(
                "ottla_metadata_steps_shown_early_total",
                "Steps of metadata that readers were shown before all of this broker acted by them",
                Labels.NONE);
        this.duration = metrics.distribution(
                "kafka_server_brokermetadatametrics_metadataapplytimems",
                "Milliseconds until all of this broker acts by a step of metadata",
                Labels.NONE,
                1e-6);
        metrics.gauge(
                "kafka_server_brokermetadatametrics_lastappliedversion",
                "Number of the last step that was applied, within its controller's epoch",
                Labels.NONE,
                () -> shown.version().number());
    }

    @Override
    public ClusterImage image() {
        return shown;
    }

    /** Done when an image of that place in history, or a later one, is shown. Any thread. */
    public CompletionStage<Void> shown(ImageVersion version) {
        Awaited awaited = new Awaited(version, new CompletableFuture<>());
        waiting.add(awaited);
        tellWaiting();
        return awaited.done();
    }

    private void tellWaiting() {
        ImageVersion version = shown.version();
        waiting.removeIf(awaited -> {
            boolean reached = awaited.version().compareTo(version) <= 0;
            if (reached) {
                awaited.done().complete(null);
            }
            return reached;
        });
    }

    @Override
    public CompletionStage<Void> take(ImageStep step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        metadataThread.execute(() -> apply(step).whenComplete((nothing, never) -> done.complete(null)));
        return done;
    }

    /** Completes when the step is shown; never fails. */
    private CompletableFuture<Void> apply(ImageStep step) {
        ClusterImage before = told;
        if (step.after().version().compareTo(before.version()) <= 0) {
            LOG.debug("Step to {} is none: {} is applied", step.after().version(), before.version());
            return last;
        }
        long startNs = clock.monotonicNs();
        ImageStep own = step.before().version().equals(before.version()) ? step : stepFrom(before, step.after());
        CompletableFuture<?>[] stages = new CompletableFuture<?>[listeners.size()];
        for (int i = 0; i < stages.length; i++) {
            stages[i] = tell(listeners.get(i), own);
        }
        told = step.after();
        CompletableFuture<Void> settled = CompletableFuture.allOf(stages);
        last = last.thenCombine(patient(settled, told), (earlier, now) -> {
            shown = step.after();
            tellWaiting();
            return null;
        });
        settled.thenRun(() -> duration.record(clock.monotonicNs() - startNs));
        return last;
    }

    /** Done when the listeners are, or when they have taken too long. */
    private CompletableFuture<Boolean> patient(CompletableFuture<Void> settled, ClusterImage image) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        if (!settled.isDone()) {
            Timer.Timeout patience =
                    timer.schedule(PATIENCE_MS, () -> metadataThread.execute(() -> giveUp(over, image)));
            over.whenComplete((inTime, never) -> patience.cancel());
        }
        settled.whenComplete((nothing, never) -> over.complete(true));
        return over;
    }

    private void giveUp(CompletableFuture<Boolean> over, ClusterImage image) {
        if (over.complete(false)) {
            impatience.increment();
            LOG.warn(
                    "The step to {} is shown after {} ms, though not all of this broker acts by it yet",
                    image.version(),
                    PATIENCE_MS);
        }
    }

    /** The step's source began from another image than this broker did: a new controller, or steps were missed. */
    private static ImageStep stepFrom(ClusterImage before, ClusterImage after) {
        List<MetadataChange> changes = ImageDifference.between(before, after);
        return new ImageStep(before, after, changes);
    }

    /** Completes when the listener is done, well or not; never fails. */
    private CompletableFuture<Void> tell(ImageListener listener, ImageStep step) {
        CompletionStage<Void> stage;
        try {
            stage = listener.apply(step);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        return stage.<Void>handle((nothing, failure) -> {
                    if (failure != null) {
                        errors.increment();
                        LOG.error(
                                "{} failed on the step to {}",
                                listener.getClass().getSimpleName(),
                                step.after().version(),
                                failure);
                    }
                    return null;
                })
                .toCompletableFuture();
    }
}
