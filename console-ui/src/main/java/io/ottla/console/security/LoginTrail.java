package io.ottla.console.security;

import io.ottla.console.access.Action;
import io.ottla.console.access.AuditEntry;
import io.ottla.console.access.AuditEntry.Outcome;
import io.ottla.console.access.AuditTrail;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Writes down who came, who left, and who tried. */
final class LoginTrail {
    private static final int MAX_NAME = 64;

    private final AuditTrail trail;
    private final InstantSource clock;

    LoginTrail(AuditTrail trail, InstantSource clock) {
        this.trail = trail;
        this.clock = clock;
    }

    /** @param by how he showed who he is */
    void came(String name, String from, String by) {
        record(name, from, Action.LOG_IN, Map.of("by", by), Outcome.DONE, "");
    }

    void left(String name, String from) {
        record(name, from, Action.LOG_OUT, Map.of(), Outcome.DONE, "");
    }

    /** @param name as it was given, whosever it is */
    void failed(String name, String from) {
        record(name, from, Action.LOG_IN, Map.of(), Outcome.FAILED, "Expected another user name or password.");
    }

    private void record(
            String name, String from, Action action, Map<String, String> details, Outcome outcome, String message) {
        String cut = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "…";
        trail.record(new AuditEntry(clock.instant(), cut, from, "", action, List.of(), details, outcome, message));
    }
}
