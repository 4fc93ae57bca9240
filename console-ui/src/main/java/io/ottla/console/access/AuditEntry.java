package io.ottla.console.access;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What somebody changed, or tried to.
 *
 * @param from the address that it came from
 * @param cluster the cluster's key; empty for what was done to the console itself
 * @param message why it did not come about; empty where it did
 */
public record AuditEntry(
        Instant at,
        String visitor,
        String from,
        String cluster,
        Action action,
        List<String> names,
        Map<String, String> details,
        Outcome outcome,
        String message) {
    /** How it ended. */
    public enum Outcome {
        DONE,
        /** The cluster said no. */
        FAILED,
        /** The cluster did not answer: it may have been done. */
        UNKNOWN,
        /** His role does not allow it, or the cluster is read-only. */
        DENIED
    }
}
