package io.ottla.console.groups;

import java.time.Duration;
import java.util.List;

/** How far back a chart goes. */
public enum HistoryRange {
    HOUR("1h", Duration.ofHours(1), Duration.ofMinutes(10)),
    SIX_HOURS("6h", Duration.ofHours(6), Duration.ofHours(1)),
    DAY("1d", Duration.ofDays(1), Duration.ofHours(4));

    private final String key;
    private final Duration length;
    private final Duration tick;

    HistoryRange(String key, Duration length, Duration tick) {
        this.key = key;
        this.length = length;
        this.tick = tick;
    }

    /** As in addresses and among the words. */
    public String key() {
        return key;
    }

    public Duration length() {
        return length;
    }

    /** Between two marks below the chart. */
    Duration tick() {
        return tick;
    }

    /** The names of all. */
    public static List<String> keys() {
        return java.util.Arrays.stream(values()).map(HistoryRange::key).toList();
    }

    /** The hour unless the text is one of the keys. */
    public static HistoryRange of(String key) {
        for (HistoryRange range : values()) {
            if (range.key.equals(key)) {
                return range;
            }
        }
        return HOUR;
    }
}
