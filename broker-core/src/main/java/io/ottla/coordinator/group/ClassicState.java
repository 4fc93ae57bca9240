package io.ottla.coordinator.group;

/** What a classic group is in. */
enum ClassicState {
    /** No members; perhaps offsets. */
    EMPTY("Empty"),
    /** Members are awaited to join the next generation. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** All have joined; the leader's assignment is awaited. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Members have their assignment. */
    STABLE("Stable");

    private final String shown;

    ClassicState(String shown) {
        this.shown = shown;
    }

    /** Kafka's name. */
    String shown() {
        return shown;
    }
}
