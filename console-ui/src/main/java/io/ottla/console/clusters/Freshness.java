package io.ottla.console.clusters;

import java.time.Duration;

/**
 * How long what is known of a cluster is as good as new, and how long a page waits for what is newer. Reading takes up at
 * most a tenth of the time, so that a large cluster is not read all the time because somebody looks.
 */
final class Freshness {
    /** Past this age nothing is shown any more. */
    static final Duration STALE = Duration.ofMinutes(2);

    /** How long a page waits for something newer when there is something to show. */
    static final Duration PATIENCE = Duration.ofMillis(400);

    /** How long it waits when there is nothing, before it is shown without. */
    static final Duration FIRST_PATIENCE = Duration.ofMillis(600);

    /** How long it waits for a sign of life: a cluster that gives none by then is down, or far too slow to wait for. */
    static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

    /** How long a cluster that has answered something counts as one that is up: so much longer is one waited for that goes down. */
    static final Duration LATELY = SIGN_OF_LIFE;

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final int SHARE = 10;

    private Freshness() {}

    /** @param took how long reading took */
    static Duration after(Duration took) {
        Duration fair = took.multipliedBy(SHARE);
        return fair.compareTo(LEAST) < 0 ? LEAST : fair.compareTo(MOST) > 0 ? MOST : fair;
    }
}
