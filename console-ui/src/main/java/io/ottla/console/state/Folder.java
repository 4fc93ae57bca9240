package io.ottla.console.state;

import java.util.Locale;

/** The kinds of entries that a console keeps. */
public enum Folder {
    PEOPLE(1_000),
    SESSIONS(2_000),
    TOKENS(1_000),
    CLUSTERS(100),
    /** One a cluster: those that somebody added, those of the configuration, and the own. */
    SCHEDULES(1_000),
    /** Plans of moves that are followed, one a cluster. */
    PLANS(1_000),
    /** What these plans move, in pieces. */
    PLAN_PARTS(1_000);

    private final int limit;

    Folder(int limit) {
        this.limit = limit;
    }

    /** How many entries there may be; whoever makes one looks first. */
    public int limit() {
        return limit;
    }

    /** As it is called where it lies. */
    public String path() {
        return name().toLowerCase(Locale.ROOT);
    }
}
