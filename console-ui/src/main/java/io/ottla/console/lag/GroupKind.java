package io.ottla.console.lag;

import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.GroupType;

/** What kind of group: those that Kafka's brokers know, and those of old consumers in ZooKeeper. */
public enum GroupKind {
    CLASSIC,
    CONSUMER,
    SHARE,
    STREAMS,
    ZOOKEEPER,
    UNKNOWN;

    public static GroupKind of(GroupType type) {
        return switch (type) {
            case CLASSIC -> CLASSIC;
            case CONSUMER -> CONSUMER;
            case SHARE -> SHARE;
            case STREAMS -> STREAMS;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** Its name in addresses and in the API. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one of that name, case aside; never {@link #UNKNOWN}. */
    public static Optional<GroupKind> read(String text) {
        for (GroupKind kind : values()) {
            if (kind != UNKNOWN && kind.name().equalsIgnoreCase(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
