package io.ottla.console.access;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trail in the process's log, one line each, by the logger {@code ottla.audit}. What came from outside is quoted and can't make a line of its own. */
public final class LoggedTrail implements AuditTrail {
    private static final Logger log = LoggerFactory.getLogger("ottla.audit");

    @Override
    public void record(AuditEntry entry) {
        log.info(
                "{} {} by {} from {} at {}: {} {}{}",
                entry.action().key(),
                entry.outcome(),
                plain(entry.visitor()),
                plain(entry.from()),
                entry.cluster().isEmpty() ? "the console" : entry.cluster(),
                plain(entry.names().toString()),
                plain(entry.details().toString()),
                entry.message().isEmpty() ? "" : ": " + plain(entry.message()));
    }

    private static String plain(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
