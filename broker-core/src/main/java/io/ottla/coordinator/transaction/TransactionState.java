package io.ottla.coordinator.transaction;

/** What a transactional id is doing, under Kafka's names, with the numbers that records and requests have for it. */
public enum TransactionState {
    /** There is a producer, and it has not begun anything. */
    EMPTY(0, "Empty"),
    /** Partitions belong to a transaction. */
    ONGOING(1, "Ongoing"),
    /** It is decided that the transaction counts; its partitions are being told. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** It is decided that the transaction does not count; its partitions are being told. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** All partitions know that the transaction counts. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** All partitions know that the transaction does not count. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** Written by Kafka of an id that is about to be forgotten. */
    DEAD(6, "Dead"),
    /** Written by Kafka of an id whose producer is being replaced. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private static final TransactionState[] ALL = values();

    private final int code;
    private final String shown;

    TransactionState(int code, String shown) {
        this.code = code;
        this.shown = shown;
    }

    public int code() {
        return code;
    }

    /** As Kafka's tools show it. */
    public String shown() {
        return shown;
    }

    /** @throws IllegalArgumentException where there is none */
    static TransactionState of(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new IllegalArgumentException("Expected the number of a state, 0 to 7, but got " + code);
        }
        return ALL[code];
    }

    /** Null for a name that there is not. */
    public static TransactionState named(String shown) {
        for (TransactionState state : ALL) {
            if (state.shown.equals(shown)) {
                return state;
            }
        }
        return null;
    }

    /** Whether an end is decided and has yet to be told to the partitions. */
    boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** Whether no transaction is under way. */
    boolean isAtRest() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }
}
