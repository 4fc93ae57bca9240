package io.ottla.console.lag;

import java.util.Comparator;

/**
 * Which group: brokers and ZooKeeper keep groups of their own, and one name may stand for one in each.
 *
 * @param id its name
 */
public record GroupKey(String id, Home home) implements Comparable<GroupKey> {
    /** Who keeps a group's offsets. */
    public enum Home {
        BROKERS,
        /** For consumers of Kafka before 0.9, and some since. */
        ZOOKEEPER
    }

    /** Begins, in samples, the names of groups in ZooKeeper, none of whose own names can have it. */
    private static final String MARK = "\0";

    private static final Comparator<GroupKey> ORDER =
            Comparator.comparing(GroupKey::id).thenComparing(GroupKey::home);

    /** One that brokers keep. */
    public static GroupKey of(String id) {
        return new GroupKey(id, Home.BROKERS);
    }

    /** One that old consumers keep in ZooKeeper. */
    public static GroupKey inZooKeeper(String id) {
        return new GroupKey(id, Home.ZOOKEEPER);
    }

    public boolean isInZooKeeper() {
        return home == Home.ZOOKEEPER;
    }

    /** The other one of that name. */
    public GroupKey other() {
        return new GroupKey(id, isInZooKeeper() ? Home.BROKERS : Home.ZOOKEEPER);
    }

    /** As samples name it: brokers' groups as they are, so that samples of consoles that know no others can be read. */
    String text() {
        return isInZooKeeper() || id.startsWith(MARK) ? MARK + id : id;
    }

    /** What {@link #text} says. A group of brokers whose name begins with a mark has two. */
    static GroupKey read(String text) {
        if (!text.startsWith(MARK)) {
            return of(text);
        }
        String rest = text.substring(MARK.length());
        return rest.startsWith(MARK) ? of(rest) : inZooKeeper(rest);
    }

    @Override
    public int compareTo(GroupKey other) {
        return ORDER.compare(this, other);
    }
}
