package io.ottla.console.groups;

import io.ottla.console.lag.GroupKey;
import io.ottla.console.lag.TopicFigures;
import java.util.List;

/**
 * A line of the list.
 *
 * @param address of its page
 * @param type as among the words, such as {@code CLASSIC}
 * @param members -1 when unknown
 * @param lag over all topics that may be seen; -1 when unknown
 * @param topics that it has committed in
 * @param spark how its lag went in the last hour; null where that is unknown
 */
public record GroupRow(
        GroupKey key,
        String address,
        String type,
        String protocol,
        String state,
        int members,
        long lag,
        List<TopicFigures> topics,
        Spark spark) {
    public String id() {
        return key.id();
    }

    /** What its state means for whoever looks: a class of the style sheet. */
    public String mood() {
        return switch (state) {
            case "STABLE" -> "good";
            case "DEAD", "NOT_READY" -> "bad";
            case "EMPTY", "UNKNOWN" -> "";
            default -> "warn";
        };
    }
}
