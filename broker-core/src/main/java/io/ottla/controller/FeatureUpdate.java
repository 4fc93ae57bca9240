package io.ottla.controller;

/**
 * A feature's level that somebody wants (KIP-584).
 *
 * @param level 0 to have it off
 */
public record FeatureUpdate(String feature, short level, Direction direction) {
    /** Which way the level may go. */
    public enum Direction {
        UPGRADE,
        SAFE_DOWNGRADE,
        UNSAFE_DOWNGRADE,
        /** Not one of the protocol's. */
        UNKNOWN
    }
}
