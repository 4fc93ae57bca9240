package io.ottla.console.access;

import io.ottla.console.access.AuditEntry.Outcome;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Somebody at the console itself: its people, its trail, its list of clusters. As {@link Visit} at a cluster, the one way by
 * which he changes them.
 *
 * <p>Thread-safe.
 */
public final class ConsoleVisit {
    private final Visitor visitor;
    private final String from;
    private final AuditTrail trail;
    private final InstantSource clock;

    /** @param from the address that he comes from */
    public ConsoleVisit(Visitor visitor, String from, AuditTrail trail, InstantSource clock) {
        this.visitor = visitor;
        this.from = from;
        this.trail = trail;
        this.clock = clock;
    }

    public Visitor visitor() {
        return visitor;
    }

    public String from() {
        return from;
    }

    public boolean may(Action action) {
        return visitor.may(action);
    }

    /** @throws Forbidden where he may not */
    public void require(Action action) {
        if (!may(action)) {
            throw new Forbidden(Wording.of(
                    "failure.role",
                    visitor.name(),
                    Wording.of("action." + action.key()),
                    Wording.of("role.everything")));
        }
    }

    /**
     * Changes something, if his role allows it. How it ended goes to the trail.
     *
     * @param work throws {@link ClusterFailure} where it does not come about
     */
    public <T> T change(Change change, Supplier<T> work) {
        try {
            require(change.action());
        } catch (Forbidden denied) {
            record(change, Outcome.DENIED, denied.getMessage());
            throw denied;
        }
        try {
            T result = work.get();
            record(change, Outcome.DONE, "");
            return result;
        } catch (ClusterFailure failure) {
            boolean unknown = failure.reason() == ClusterFailure.Reason.NO_ANSWER;
            record(change, unknown ? Outcome.UNKNOWN : Outcome.FAILED, failure.getMessage());
            throw failure;
        } catch (RuntimeException unexpected) {
            record(change, Outcome.UNKNOWN, unexpected.toString());
            throw unexpected;
        }
    }

    private void record(Change change, Outcome outcome, String message) {
        trail.record(new AuditEntry(
                clock.instant(),
                visitor.name(),
                from,
                "",
                change.action(),
                change.names(),
                change.details(),
                outcome,
                message));
    }
}
