package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.types.ControllerEpoch;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows the cluster's image by what controllers answer. Takes nothing of a controller that was deposed, no step twice,
 * and none behind a gap: then a whole image is wanted. Pure but for the image it has come to. Not thread-safe.
 */
final class PollReader {
    /** What an answer comes to. */
    sealed interface Reading {
        /** Steps from what was known, perhaps none. */
        record Steps(List<ImageStep> steps) implements Reading {}

        /** Of a controller older than one that was heard. */
        record Deposed() implements Reading {}

        /** @param why half a sentence */
        record Gap(String why) implements Reading {}
    }

    /** Far more than any cluster has: at some 300,000 partitions each. */
    static final int MOST_PARTS = 1_000;

    private ClusterImage image = ClusterImage.EMPTY;
    /** What the parts that have come lead to. */
    private ClusterImage gathered = ClusterImage.EMPTY;

    private int parts;
    private ControllerEpoch latest = ControllerEpoch.NONE;
    private boolean wantsAll;

    /** To be named in the next question. */
    ImageVersion known() {
        return wantsAll ? ImageVersion.NONE : image.version();
    }

    /** The image that has been told in part; to be named in the next question. */
    ImageVersion gathering() {
        return gathered.version();
    }

    /** How many parts of it have come. */
    int gathered() {
        return parts;
    }

    /** Takes part of a whole image in; with the last one it counts. What comes twice, or of another image, is left out. */
    Reading read(PollAnswer.Part told) {
        if (told.epoch().compareTo(latest) < 0) {
            return new Reading.Deposed();
        }
        latest = told.epoch();
        if (told.parts() > MOST_PARTS || told.number() < 0 || told.number() >= told.parts()) {
            return gap("part " + told.number() + " of " + told.parts() + " of an image came");
        }
        boolean first = told.number() == 0 && !told.version().equals(gathered.version());
        if (first) {
            forget();
        }
        if (!first && (!told.version().equals(gathered.version()) || told.number() != parts)) {
            return new Reading.Steps(List.of());
        }
        try {
            gathered = told.part().after(gathered, told.version());
        } catch (IllegalArgumentException e) {
            return gap("part " + told.number() + " of the image at " + told.version() + " does not fit: "
                    + e.getMessage());
        }
        parts++;
        if (parts < told.parts()) {
            return new Reading.Steps(List.of());
        }
        PublishedImage whole = new PublishedImage(gathered);
        forget();
        return read(new PollAnswer.News(told.epoch(), whole, List.of(), false));
    }

    private void forget() {
        gathered = ClusterImage.EMPTY;
        parts = 0;
    }

    /** Takes an answer in. */
    Reading read(PollAnswer.News news) {
        if (news.epoch().compareTo(latest) < 0) {
            return new Reading.Deposed();
        }
        latest = news.epoch();
        List<ImageStep> steps = new ArrayList<>();
        ClusterImage at = image;
        boolean jumps = false;
        if (news.whole() != null && news.whole().image().version().compareTo(at.version()) > 0) {
            ClusterImage whole = news.whole().image();
            at = whole;
            jumps = true;
        }
        for (PublishedStep step : news.steps()) {
            if (step.version().compareTo(at.version()) <= 0) {
                continue;
            }
            if (!follows(at.version(), step.version())) {
                return gap("a step leads to " + step.version() + ", but " + at.version() + " is known");
            }
            ClusterImage after;
            try {
                after = at.with(step.version(), step.changes());
            } catch (IllegalArgumentException e) {
                return gap("the step to " + step.version() + " does not fit: " + e.getMessage());
            }
            steps.add(new ImageStep(at, after, step.changes()));
            at = after;
        }
        if (jumps) {
            // What was in between is over: a broker that has been started anew must not live through its own past.
            steps = List.of(new ImageStep(image, at, ImageDifference.between(image, at)));
        }
        wantsAll &= news.whole() == null;
        image = at;
        return new Reading.Steps(steps);
    }

    private Reading gap(String why) {
        wantsAll = true;
        forget();
        return new Reading.Gap(why);
    }

    private static boolean follows(ImageVersion before, ImageVersion after) {
        return before.controllerEpoch().equals(after.controllerEpoch()) && after.number() == before.number() + 1;
    }
}
