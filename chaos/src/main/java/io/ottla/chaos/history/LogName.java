package io.ottla.chaos.history;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Comparator;

/** One partition of a topic, written as {@code topic-partition}. */
public record LogName(String topic, int partition) implements Comparable<LogName> {
    private static final Comparator<LogName> ORDER =
            Comparator.comparing(LogName::topic).thenComparingInt(LogName::partition);

    @JsonCreator
    public static LogName parse(String text) {
        int dash = text.lastIndexOf('-');
        if (dash <= 0) {
            throw new IllegalArgumentException("Expected topic-partition, but got " + text);
        }
        return new LogName(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
    }

    @Override
    public int compareTo(LogName other) {
        return ORDER.compare(this, other);
    }

    @JsonValue
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
