package io.ottla.metadata;

import io.ottla.types.ControllerEpoch;

/** The place of an image in history: changes are numbered within a controller's epoch. */
public record ImageVersion(ControllerEpoch controllerEpoch, long number) implements Comparable<ImageVersion> {
    public static final ImageVersion NONE = new ImageVersion(ControllerEpoch.NONE, 0);

    @Override
    public int compareTo(ImageVersion other) {
        int byEpoch = controllerEpoch.compareTo(other.controllerEpoch);
        return byEpoch != 0 ? byEpoch : Long.compare(number, other.number);
    }
}
