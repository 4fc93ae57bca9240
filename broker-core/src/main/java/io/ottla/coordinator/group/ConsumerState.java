package io.ottla.coordinator.group;

/** What a consumer group is in (KIP-848). */
enum ConsumerState {
    /** Nobody is in it. */
    EMPTY("Empty"),
    /** Targets are of an epoch before the group's. */
    ASSIGNING("Assigning"),
    /** Members are on the way to their targets. */
    RECONCILING("Reconciling"),
    /** Everybody has its target. */
    STABLE("Stable");

    private final String shown;

    ConsumerState(String shown) {
        this.shown = shown;
    }

    /** Kafka's name. */
    String shown() {
        return shown;
    }
}
