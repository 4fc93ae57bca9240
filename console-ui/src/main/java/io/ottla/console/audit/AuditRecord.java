package io.ottla.console.audit;

import io.ottla.console.access.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An entry of the trail as a record holds it: JSON with exactly these fields.
 *
 * @param at such as {@code 2026-03-01T12:00:00Z}
 * @param cluster the cluster's key; empty for the console itself
 * @param action such as {@code delete-topic}
 * @param outcome {@code DONE}, {@code FAILED}, {@code UNKNOWN} or {@code DENIED}
 */
public record AuditRecord(
        String at,
        String person,
        String from,
        String cluster,
        String action,
        List<String> names,
        Map<String, String> details,
        String outcome,
        String message) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public AuditRecord {
        at = at == null ? "" : at;
        person = person == null ? "" : person;
        from = from == null ? "" : from;
        cluster = cluster == null ? "" : cluster;
        action = action == null ? "" : action;
        names = names == null ? List.of() : names;
        details = details == null ? Map.of() : details;
        outcome = outcome == null ? "" : outcome;
        message = message == null ? "" : message;
    }

    static AuditRecord of(AuditEntry entry) {
        return new AuditRecord(
                entry.at().toString(),
                entry.visitor(),
                entry.from(),
                entry.cluster(),
                entry.action().key(),
                entry.names(),
                entry.details(),
                entry.outcome().name(),
                entry.message());
    }

    byte[] bytes() {
        return MAPPER.writeValueAsString(this).getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where it is something else: others may write to the topic too. */
    static Optional<AuditRecord> read(byte[] bytes) {
        try {
            return bytes == null ? Optional.empty() : Optional.ofNullable(MAPPER.readValue(bytes, AuditRecord.class));
        } catch (JacksonException other) {
            return Optional.empty();
        }
    }

    /** Null where it says none. */
    public Instant instant() {
        try {
            return Instant.parse(at);
        } catch (DateTimeException none) {
            return null;
        }
    }
}
