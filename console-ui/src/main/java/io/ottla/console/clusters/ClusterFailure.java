package io.ottla.console.clusters;

import io.ottla.console.words.Wording;
import java.util.Optional;

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

    /** Which failure it is, where programs are told it from others of the same reason. No wording has a part in that. */
    public enum Kind {
        NO_SUCH_CLUSTER(Reason.NOT_FOUND),
        NO_SUCH_BROKER(Reason.NOT_FOUND),
        NO_SUCH_TOPIC(Reason.NOT_FOUND),
        NO_SUCH_PARTITION(Reason.NOT_FOUND),
        NO_SUCH_GROUP(Reason.NOT_FOUND),
        /** A SCRAM user. */
        NO_SUCH_USER(Reason.NOT_FOUND),
        NO_SUCH_TRANSACTION(Reason.NOT_FOUND),
        /** Nobody who may log in to the console. */
        NO_SUCH_PERSON(Reason.NOT_FOUND),
        NO_SUCH_TOKEN(Reason.NOT_FOUND),
        /** A node of ZooKeeper. */
        NO_SUCH_NODE(Reason.NOT_FOUND),
        NOT_HANGING(Reason.REFUSED),
        /** It is no longer as it was when somebody looked, or something else goes on there. */
        OUTDATED(Reason.REFUSED),
        /** Another one has that name. */
        TAKEN(Reason.REFUSED),
        /** Somebody still uses it: a group has members, a broker runs or holds replicas. */
        IN_USE(Reason.REFUSED);

        private final Reason reason;

        Kind(Reason reason) {
            this.reason = reason;
        }
    }

    private final Reason reason;
    private final Optional<Kind> kind;
    private final transient Wording wording;

    public ClusterFailure(Reason reason, Wording wording) {
        this(reason, wording, null);
    }

    public ClusterFailure(Reason reason, Wording wording, Throwable cause) {
        this(reason, Optional.empty(), wording, cause);
    }

    public ClusterFailure(Kind kind, Wording wording) {
        this(kind, wording, null);
    }

    public ClusterFailure(Kind kind, Wording wording, Throwable cause) {
        this(kind.reason, Optional.of(kind), wording, cause);
    }

    private ClusterFailure(Reason reason, Optional<Kind> kind, Wording wording, Throwable cause) {
        super(wording.toString(), cause);
        this.reason = reason;
        this.kind = kind;
        this.wording = wording;
    }

    public Reason reason() {
        return reason;
    }

    /** Empty where the reason says all there is to say. */
    public Optional<Kind> kind() {
        return kind;
    }

    /** The message, for readers of any language. */
    public Wording wording() {
        return wording;
    }
}
