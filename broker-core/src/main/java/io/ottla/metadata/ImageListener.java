package io.ottla.metadata;

import java.util.concurrent.CompletionStage;

/** Somebody who acts on a new picture of the cluster. Called by {@code ImageApplier} alone, on the metadata thread. */
public interface ImageListener {
    /**
     * Acts on the step from one image to the next. Does not block; the stage completes when what the step asks for is
     * in force (logs opened, configuration effective), for "created means usable" (DESIGN §5).
     */
    CompletionStage<Void> apply(ImageStep step);
}
