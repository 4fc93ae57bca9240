package io.ottla.types;

/** The generation of the controller, the number in {@code /controller_epoch}; it is only ever raised. */
public record ControllerEpoch(int value) implements Comparable<ControllerEpoch> {
    public static final ControllerEpoch NONE = new ControllerEpoch(-1);

    @Override
    public int compareTo(ControllerEpoch other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
