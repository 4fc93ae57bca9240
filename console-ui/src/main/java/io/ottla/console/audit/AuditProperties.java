package io.ottla.console.audit;

import java.time.Duration;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the trail goes beside the log.
 *
 * @param topic {@code console.audit.topic}: of the cluster beside the console; begins with {@code __}, which keeps all but
 *     administrators from reading or writing it here; empty for none
 * @param retention {@code console.audit.retention}: what the topic keeps, from when it is made; at least an hour
 */
@ConfigurationProperties("console.audit")
public record AuditProperties(
        @DefaultValue("__ottla_audit") String topic,
        @DefaultValue("90d") Duration retention) {
    private static final Pattern TOPIC = Pattern.compile("__[a-zA-Z0-9._-]{1,247}");

    public AuditProperties {
        topic = topic.strip();
        if (!topic.isEmpty() && !TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException(
                    "console.audit.topic: Expected a topic's name that begins with '__', as those do that software keeps for itself, but got '"
                            + topic + "'.");
        }
        if (retention.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException(
                    "console.audit.retention: Expected an hour or more, but got " + retention.toSeconds() + " s.");
        }
    }
}
