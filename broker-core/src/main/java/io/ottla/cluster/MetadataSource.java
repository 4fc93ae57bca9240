package io.ottla.cluster;

import io.ottla.metadata.ImageStep;
import java.util.concurrent.CompletionStage;

/**
 * Where this broker learns how the cluster looks: from the controller beside it, or, on other brokers, from the poll that
 * they keep open to the controller (DESIGN §5). A step may leave from any image that came before; whoever takes it works
 * out what is new to it.
 */
public interface MetadataSource {
    /** Who takes the steps. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one step; steps come one after the other. Does not block.
         *
         * @return done when all of this broker acts by the step
         */
        CompletionStage<Void> take(ImageStep step);
    }

    /** Delivers all steps from now on. Called once, before the first step. */
    void follow(Sink sink);
}
