package io.ottla.console.clusters;

import io.ottla.console.words.Wording;

/** Why a cluster did not do what it was asked: one sentence for people. */
public final class ClusterFailure extends RuntimeException {
    /** What kind of failure, for those who have to choose a status. */
    public enum Reason {
        /** What was asked for does not exist. */
        NOT_FOUND,
        /** The cluster understood and said no: an invalid value, a name that is taken. */
        REFUSED,
        /** The console's own account may not do this. */
        DENIED,
        /** The console itself has as much to do as it may have at once: later it will. */
        BUSY,
        /** No answer in time. Whether a change was made is unknown. */
        NO_ANSWER,
        /** Anything else. */
        FAILED
    }

    private final Reason reason;
    private final transient Wording wording;

    public ClusterFailure(Reason reason, Wording wording) {
        this(reason, wording, null);
    }

    public ClusterFailure(Reason reason, Wording wording, Throwable cause) {
        super(wording.toString(), cause);
        this.reason = reason;
        this.wording = wording;
    }

    public Reason reason() {
        return reason;
    }

    /** The message, for readers of any language. */
    public Wording wording() {
        return wording;
    }
}
