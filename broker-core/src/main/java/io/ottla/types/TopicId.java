package io.ottla.types;

import org.apache.kafka.common.Uuid;

/** The identity of a topic for life: a topic that is deleted and created again has another one (KIP-516). */
public record TopicId(long mostSignificantBits, long leastSignificantBits) implements Comparable<TopicId> {
    /** No id: a topic made by software that predates topic ids, or a request that names topics by name. */
    public static final TopicId ZERO = new TopicId(0, 0);

    public static TopicId of(Uuid uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** @param text 22 characters of URL-safe base 64, as in ZooKeeper and {@code partition.metadata} */
    public static TopicId parse(String text) {
        return of(Uuid.fromString(text));
    }

    public Uuid uuid() {
        return new Uuid(mostSignificantBits, leastSignificantBits);
    }

    public boolean isZero() {
        return mostSignificantBits == 0 && leastSignificantBits == 0;
    }

    @Override
    public int compareTo(TopicId other) {
        return uuid().compareTo(other.uuid());
    }

    /** 22 characters of URL-safe base 64. */
    @Override
    public String toString() {
        return uuid().toString();
    }
}
