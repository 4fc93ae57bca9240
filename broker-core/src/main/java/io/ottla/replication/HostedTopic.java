package io.ottla.replication;

import io.ottla.types.TopicId;
import java.util.Arrays;
import java.util.function.Consumer;

/** A topic of which this broker holds partitions. Looking one up takes neither lock nor memory. */
public final class HostedTopic {
    private final String name;
    private final TopicId id;
    private final TopicMeter meter;
    private volatile Partition[] byNumber = {};

    HostedTopic(String name, TopicId id, TopicMeter meter) {
        this.name = name;
        this.id = id;
        this.meter = meter;
    }

    public String name() {
        return name;
    }

    public TopicId id() {
        return id;
    }

    /** Null where this broker holds no such partition. */
    public Partition partition(int number) {
        Partition[] all = byNumber;
        return number >= 0 && number < all.length ? all[number] : null;
    }

    TopicMeter meter() {
        return meter;
    }

    /** Metadata thread. */
    void put(int number, Partition partition) {
        Partition[] all = Arrays.copyOf(byNumber, Math.max(byNumber.length, number + 1));
        all[number] = partition;
        byNumber = all;
    }

    /** Metadata thread. Answers what was there. */
    Partition remove(int number) {
        Partition there = partition(number);
        if (there != null) {
            put(number, null);
        }
        return there;
    }

    /** As they are now. */
    void each(Consumer<Partition> consumer) {
        for (Partition partition : byNumber) {
            if (partition != null) {
                consumer.accept(partition);
            }
        }
    }

    /** A copy. */
    Partition[] partitions() {
        return Arrays.stream(byNumber).filter(partition -> partition != null).toArray(Partition[]::new);
    }

    boolean isEmpty() {
        for (Partition partition : byNumber) {
            if (partition != null) {
                return false;
            }
        }
        return true;
    }
}
