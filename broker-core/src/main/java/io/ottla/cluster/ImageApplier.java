package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that tells all parts of this broker how the cluster looks. Listeners are told in a fixed order, of each
 * step once, on the metadata thread; then the image becomes the one that everybody reads, so that nobody sees by the view
 * what a listener has not heard of. A listener that fails is logged and counted, and stops nobody else.
 */
public final class ImageApplier implements MetadataSource.Sink, MetadataView {
    private static final Logger LOG = LoggerFactory.getLogger(ImageApplier.class);

    private final List<ImageListener> listeners;
    private final Executor metadataThread;
    private final Clock clock;
    private final Counter errors;
    private final Distribution duration;

    private volatile ClusterImage current = ClusterImage.EMPTY;
    /** On the metadata thread: all that listeners were told so far is in force. */
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);

    /**
     * @param listeners in the order in which they are told
     * @param metadataThread runs one task after the other
     */
    public ImageApplier(List<ImageListener> listeners, Executor metadataThread, Clock clock, Metrics metrics) {
        this.listeners = List.copyOf(listeners);
        this.metadataThread = metadataThread;
        this.clock = clock;
        this.errors = metrics.counter(
                "kafka_server_brokermetadatametrics_metadataapplyerror_total",
                "Steps of metadata that a part of this broker failed to act on",
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
                () -> current.version().number());
    }

    @Override
    public ClusterImage image() {
        return current;
    }

    @Override
    public CompletionStage<Void> take(ImageStep step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        metadataThread.execute(() -> apply(step).whenComplete((nothing, never) -> done.complete(null)));
        return done;
    }

    private CompletableFuture<Void> apply(ImageStep step) {
        ClusterImage before = current;
        if (step.after().version().compareTo(before.version()) <= 0) {
            LOG.debug("Step to {} is none: {} is applied", step.after().version(), before.version());
            return settled;
        }
        long startNs = clock.monotonicNs();
        ImageStep own = step.before().version().equals(before.version()) ? step : stepFrom(before, step.after());
        CompletableFuture<?>[] stages = new CompletableFuture<?>[listeners.size()];
        for (int i = 0; i < stages.length; i++) {
            stages[i] = tell(listeners.get(i), own);
        }
        current = step.after();
        settled = CompletableFuture.allOf(stages);
        return settled.thenRun(() -> duration.record(clock.monotonicNs() - startNs));
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
