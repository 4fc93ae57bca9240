package io.ottla.cluster;

import io.ottla.metadata.ImagePart;
import io.ottla.metadata.ImageVersion;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.Failure;
import java.util.List;

/** What a controller says to a {@link PollQuestion}. */
public sealed interface PollAnswer {
    /** What a publisher says. How much of it fits into one answer is its way's affair. */
    sealed interface Complete extends PollAnswer {}

    /**
     * What has changed; nothing where there is neither an image nor a step.
     *
     * @param epoch of the controller that says so
     * @param whole an image that the steps follow on; null where they follow on what the broker said it knows
     * @param steps in order, without gaps
     * @param mayLeave whether the broker leads nothing any more that others could
     */
    record News(ControllerEpoch epoch, PublishedImage whole, List<PublishedStep> steps, boolean mayLeave)
            implements Complete {
        public News {
            steps = List.copyOf(steps);
        }

        public boolean isEmpty() {
            return whole == null && steps.isEmpty();
        }
    }

    /**
     * Part of a whole image, as it comes from another process: the rest is told to who asks on.
     *
     * @param epoch of the controller that says so
     * @param version of the image
     * @param number of the part, from 0
     * @param parts how many there are
     */
    record Part(ControllerEpoch epoch, ImageVersion version, int number, int parts, ImagePart part)
            implements PollAnswer {}

    /** Whoever was asked is not the controller, or does not take the broker for who it says it is. */
    record Refused(Failure failure) implements Complete {}
}
