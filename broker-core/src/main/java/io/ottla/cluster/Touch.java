package io.ottla.cluster;

/**
 * Whether a broker is in touch with a controller: one has answered, within a lease, a question that was asked within it, so
 * that none can have given the broker's partitions to others for its silence. A process that slept is not, until it has asked
 * anew. If it is the controller it answers itself: then an answer counts only when ZooKeeper had its time to tell of another
 * one.
 *
 * <p>Asked from any thread; all else belongs to the order of the poll, but {@link #unsure} and {@link #sure}.
 */
final class Touch {
    private final long leaseNs;
    /** When the last question was asked whose answer counts. */
    private volatile long confirmedNs;

    private volatile boolean unsure;
    /** Of its own answers those to questions asked earlier count for nothing. */
    private long sureFromNs;

    private long lastTickNs;

    Touch(long leaseNs, long nowNs) {
        this.leaseNs = leaseNs;
        this.confirmedNs = nowNs;
        this.sureFromNs = nowNs;
        this.lastTickNs = nowNs;
    }

    /** This broker is the controller and does not know whether it still is. */
    void unsure() {
        unsure = true;
    }

    /** It is known who the controller is. */
    void sure() {
        unsure = false;
    }

    /** Time has passed; to be told several times a lease. */
    void tick(long nowNs) {
        if (nowNs - lastTickNs > leaseNs / 2) {
            sureFromNs = nowNs + leaseNs / 3;
        }
        lastTickNs = nowNs;
    }

    /**
     * A controller has answered.
     *
     * @param own whether it was this broker
     */
    void answered(long askedNs, boolean own) {
        if (!own || askedNs - sureFromNs >= 0) {
            confirmedNs = askedNs;
        }
    }

    boolean is(long nowNs) {
        return !unsure && nowNs - confirmedNs < leaseNs;
    }
}
