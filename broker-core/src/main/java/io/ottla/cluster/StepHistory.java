package io.ottla.cluster;

import io.ottla.metadata.ChangeSize;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.types.ControllerEpoch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a controller has published in its term: the present image, and the last steps that led there. Who is further behind
 * gets a whole image, made once and used as long as the steps reach back to it. So does everybody of a step that is too
 * large to be told as one. Not thread-safe.
 */
final class StepHistory {
    static final int MOST_STEPS = 1_000;
    /** See {@link ChangeSize}: of all steps together, so that any number of them can be told at once. */
    static final long MOST_BYTES = 16 << 20;

    private final ControllerEpoch epoch;
    private final ArrayDeque<PublishedStep> steps = new ArrayDeque<>();
    private long bytes;
    private ClusterImage image;
    private PublishedImage whole;

    StepHistory(ControllerEpoch epoch) {
        this.epoch = epoch;
    }

    ControllerEpoch epoch() {
        return epoch;
    }

    /** Null before the first step. */
    ClusterImage image() {
        return image;
    }

    void add(ImageStep step) {
        if (!step.after().version().controllerEpoch().equals(epoch)) {
            throw new IllegalArgumentException("Expected a step of controller epoch " + epoch + ", but got one to "
                    + step.after().version());
        }
        boolean first = image == null;
        image = step.after();
        if (first) {
            // Nobody has what it begins from.
            return;
        }
        steps.add(new PublishedStep(image.version(), step.changes()));
        bytes += ChangeSize.bytesAtMost(step.changes());
        while (steps.size() > MOST_STEPS || bytes > MOST_BYTES) {
            bytes -= ChangeSize.bytesAtMost(steps.remove().changes());
        }
    }

    /** What is new to somebody who knows that much. */
    PollAnswer.News since(ImageVersion known, boolean mayLeave) {
        if (image == null) {
            return new PollAnswer.News(epoch, null, List.of(), mayLeave);
        }
        if (reachesBackTo(known)) {
            return new PollAnswer.News(epoch, null, after(known.number()), mayLeave);
        }
        if (whole == null || !reachesBackTo(whole.image().version())) {
            whole = new PublishedImage(image);
        }
        return new PollAnswer.News(epoch, whole, after(whole.image().version().number()), mayLeave);
    }

    private boolean reachesBackTo(ImageVersion version) {
        long missing = image.version().number() - version.number();
        return version.controllerEpoch().equals(epoch) && missing >= 0 && missing <= steps.size();
    }

    private List<PublishedStep> after(long number) {
        int missing = (int) (image.version().number() - number);
        List<PublishedStep> last = new ArrayList<>(missing);
        Iterator<PublishedStep> backwards = steps.descendingIterator();
        for (int i = 0; i < missing; i++) {
            last.add(backwards.next());
        }
        return last.reversed();
    }
}
