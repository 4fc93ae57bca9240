package io.ottla.app.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/**
 * Keeps out of the log what Kafka's Admin client calls an error there, and is but an answer: that a broker is not forgotten, or was
 * not known. The console tells whoever asked, and its trail, in the same log, says who did and what came of it. Thread-safe.
 */
public final class ExpectedRefusals extends TurboFilter {
    private static final String CLIENT = "org.apache.kafka.clients.admin.KafkaAdminClient";
    private static final String REFUSAL = "Unregister broker request for broker ID";

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] params, Throwable failure) {
        return level == Level.ERROR
                        && failure == null
                        && format != null
                        && logger.getName().equals(CLIENT)
                        && format.contains(REFUSAL)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
