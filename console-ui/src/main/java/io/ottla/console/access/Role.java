package io.ottla.console.access;

import java.util.Locale;

/** What somebody may do, from least to most: each may do what those before it may. */
public enum Role {
    /** Sees everything, records included, and changes nothing. */
    VIEWER,
    /** Runs the cluster day by day: what can be undone, or destroys nothing. */
    OPERATOR,
    /** Also what destroys data, and what says who may do what. */
    ADMIN;

    /** In small letters, as settings and the message bundles name it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
