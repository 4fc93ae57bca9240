package io.ottla.console.clusters;

/** Why a cluster did not do what it was asked. The message is one sentence for people. */
public final class ClusterFailure extends RuntimeException {
    /** What kind of failure, for those who have to choose a status. */
    public enum Reason {
        /** What was asked for does not exist. */
        NOT_FOUND,
        /** The cluster understood and said no: an invalid value, a name that is taken. */
        REFUSED,
        /** The console's own account may not do this. */
        DENIED,
        /** No answer in time. Whether a change was made is unknown. */
        NO_ANSWER,
        /** Anything else. */
        FAILED
    }

    private final Reason reason;

    public ClusterFailure(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ClusterFailure(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
