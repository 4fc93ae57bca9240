package io.ottla.cluster;

/** Where a broker is in its life; the numbers are Kafka's, as its {@code BrokerState} metric shows them. */
public enum BrokerState {
    NOT_RUNNING(0),
    /** Finds ZooKeeper, its identity, its folders. */
    STARTING(1),
    /** Opens its logs, and mends those that were not closed. */
    RECOVERY(2),
    RUNNING(3),
    /** Gives up what it leads, so that others take over before it stops. */
    PENDING_CONTROLLED_SHUTDOWN(6),
    /** Closes everything. */
    SHUTTING_DOWN(7);

    private final int number;

    BrokerState(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Whether that state may follow this one: life goes one way, and may end early from anywhere. */
    boolean mayBecome(BrokerState next) {
        return switch (this) {
            case NOT_RUNNING -> next == STARTING;
            case STARTING -> next == RECOVERY || next == SHUTTING_DOWN;
            case RECOVERY -> next == RUNNING || next == SHUTTING_DOWN;
            case RUNNING -> next == PENDING_CONTROLLED_SHUTDOWN || next == SHUTTING_DOWN;
            case PENDING_CONTROLLED_SHUTDOWN -> next == SHUTTING_DOWN;
            case SHUTTING_DOWN -> next == NOT_RUNNING;
        };
    }
}
