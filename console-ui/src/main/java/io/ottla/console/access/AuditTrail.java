package io.ottla.console.access;

/** Where each change is written down. Never fails and never waits for long: what can't be kept is said in the log. */
@FunctionalInterface
public interface AuditTrail {
    void record(AuditEntry entry);
}
