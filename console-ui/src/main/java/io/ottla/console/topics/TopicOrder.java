package io.ottla.console.topics;

import io.ottla.console.clusters.Spread;
import io.ottla.console.clusters.TopicSummary;
import java.util.Comparator;
import java.util.Locale;

/** What the list of topics can be ordered by. */
public enum TopicOrder {
    NAME,
    PARTITIONS,
    REPLICAS,
    SIZE,
    SPREAD,
    SKEW,
    LEADER_SKEW,
    HEALTH;

    /** Its name in addresses and among the words. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean numeric() {
        return this != NAME && this != HEALTH;
    }

    /** Whether it is only shown where somebody asks how evenly topics lie. */
    public boolean ofSpread() {
        return this == SPREAD || this == SKEW || this == LEADER_SKEW;
    }

    /** Equal ones are ordered by name. */
    Comparator<TopicSummary> comparator(boolean descending) {
        Comparator<TopicSummary> ascending = switch (this) {
            case NAME -> Comparator.comparing(TopicSummary::name);
            case PARTITIONS -> Comparator.comparingInt(TopicSummary::partitions);
            case REPLICAS -> Comparator.comparingInt(TopicSummary::replicationFactor);
            case SIZE -> Comparator.comparingLong(TopicSummary::bytes);
            case SPREAD -> Comparator.comparingInt(topic -> percents(topic).spread());
            case SKEW -> Comparator.comparingInt(topic -> percents(topic).skew());
            case LEADER_SKEW -> Comparator.comparingInt(topic -> percents(topic).leaderSkew());
            case HEALTH ->
                Comparator.comparingInt(TopicSummary::offline).thenComparingInt(TopicSummary::underReplicated);
        };
        return (descending ? ascending.reversed() : ascending).thenComparing(TopicSummary::name);
    }

    private static Spread.Percents percents(TopicSummary topic) {
        return topic.spread() == null ? new Spread.Percents(0, 0, 0) : topic.spread();
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
