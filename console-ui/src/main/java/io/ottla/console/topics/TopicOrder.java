package io.ottla.console.topics;

import io.ottla.console.clusters.TopicSummary;
import java.util.Comparator;
import java.util.Locale;

/** What the list of topics can be ordered by. */
public enum TopicOrder {
    NAME("Topic", Comparator.comparing(TopicSummary::name)),
    PARTITIONS("Partitions", Comparator.comparingInt(TopicSummary::partitions)),
    REPLICAS("Replicas", Comparator.comparingInt(TopicSummary::replicationFactor)),
    SIZE("Size", Comparator.comparingLong(TopicSummary::bytes)),
    HEALTH("Health", Comparator.comparingInt(TopicSummary::offline).thenComparingInt(TopicSummary::underReplicated));

    private final String title;
    private final Comparator<TopicSummary> comparator;

    TopicOrder(String title, Comparator<TopicSummary> comparator) {
        this.title = title;
        this.comparator = comparator;
    }

    /** The head of its column. */
    public String title() {
        return title;
    }

    /** Its name in addresses. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean numeric() {
        return this != NAME && this != HEALTH;
    }

    /** Equal ones are ordered by name. */
    Comparator<TopicSummary> comparator(boolean descending) {
        return (descending ? comparator.reversed() : comparator).thenComparing(TopicSummary::name);
    }

    /** By name unless the text is one of the keys. */
    static TopicOrder of(String key) {
        for (TopicOrder order : values()) {
            if (order.key().equals(key)) {
                return order;
            }
        }
        return NAME;
    }
}
