package io.ottla.cluster;

import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import java.util.concurrent.CompletionStage;

/**
 * Steps straight from the controller in this process, which publishes to it. What the controller is told is done when
 * this broker acts by the step. Called on the controller's thread.
 */
public final class LocalMetadataSource implements MetadataSource, ImageListener {
    private volatile Sink sink;

    @Override
    public void follow(Sink sink) {
        this.sink = sink;
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        Sink taker = sink;
        if (taker == null) {
            throw new IllegalStateException(
                    "Expected somebody to follow before the controller publishes, but nobody does");
        }
        return taker.take(step);
    }
}
