package io.ottla.config;

/** Whether groups change between the classic and the consumer protocol while members are in them (KIP-848). */
public enum MigrationPolicy {
    DISABLED,
    /** A classic group becomes a consumer group when a member of that protocol comes. */
    UPGRADE,
    /** A consumer group becomes a classic one when the last member of the consumer protocol goes. */
    DOWNGRADE,
    BIDIRECTIONAL;

    public boolean upgrades() {
        return this == UPGRADE || this == BIDIRECTIONAL;
    }

    public boolean downgrades() {
        return this == DOWNGRADE || this == BIDIRECTIONAL;
    }
}
