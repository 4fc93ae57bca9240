package io.ottla.console.groups;

import io.ottla.console.lag.PartitionLag;
import java.util.Comparator;
import java.util.Locale;

/** What a group's partitions can be ordered by. */
public enum OffsetOrder {
    PARTITION,
    COMMITTED,
    END,
    LAG;

    /** Its name in addresses and among the words. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    Comparator<PartitionLag> comparator(boolean descending) {
        Comparator<PartitionLag> byPartition =
                Comparator.comparing(PartitionLag::topic).thenComparingInt(PartitionLag::partition);
        Comparator<PartitionLag> ascending = switch (this) {
            case PARTITION -> byPartition;
            case COMMITTED -> Comparator.comparingLong(PartitionLag::committed);
            case END -> Comparator.comparingLong(PartitionLag::end);
            case LAG -> Comparator.comparingLong(PartitionLag::lag);
        };
        return (descending ? ascending.reversed() : ascending).thenComparing(byPartition);
    }

    /** By lag unless the text is one of the keys. */
    static OffsetOrder of(String key) {
        for (OffsetOrder order : values()) {
            if (order.key().equals(key)) {
                return order;
            }
        }
        return LAG;
    }
}
