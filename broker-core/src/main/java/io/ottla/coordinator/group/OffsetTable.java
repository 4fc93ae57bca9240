package io.ottla.coordinator.group;

import io.ottla.coordinator.UndoLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The offsets of a shard's groups: those that are committed, and those that were sent to an open transaction (KIP-98,
 * KIP-447) and count when it commits. Belongs to the shard's executor.
 */
final class OffsetTable {
    /** One offset, and where in the log it was written. */
    private record Entry(CommittedOffset value, long recordOffset) {}

    private record Key(String group, String topic, int partition) {}

    /** Told of each offset of a group. */
    @FunctionalInterface
    interface Visitor {
        void visit(String topic, int partition, CommittedOffset offset);
    }

    private final Map<String, Map<String, Map<Integer, Entry>>> byGroup = new HashMap<>();
    private final Map<Long, Map<Key, Entry>> pending = new HashMap<>();
    private final Map<String, Map<Key, Integer>> pendingOf = new HashMap<>();
    private final GroupCensus census;

    OffsetTable(GroupCensus census) {
        this.census = census;
    }

    /** Null where nothing is committed. */
    CommittedOffset get(String group, String topic, int partition) {
        Map<String, Map<Integer, Entry>> topics = byGroup.get(group);
        Map<Integer, Entry> partitions = topics == null ? null : topics.get(topic);
        Entry entry = partitions == null ? null : partitions.get(partition);
        return entry == null ? null : entry.value();
    }

    boolean has(String group) {
        return byGroup.containsKey(group) || pendingOf.containsKey(group);
    }

    boolean hasPending(String group) {
        return pendingOf.containsKey(group);
    }

    /** Whether an open transaction has sent an offset for the partition. */
    boolean isPending(String group, String topic, int partition) {
        Map<Key, Integer> of = pendingOf.get(group);
        return of != null && of.containsKey(new Key(group, topic, partition));
    }

    /** All that a group has committed, or sent in open transactions; its visitor is given null for what is not committed. */
    void eachOrPending(String group, Visitor visitor) {
        each(group, visitor);
        eachOnlyPending(group, visitor);
    }

    /** All that is committed by a group, while it does not change. */
    void each(String group, Visitor visitor) {
        byGroup.getOrDefault(group, Map.of())
                .forEach((topic, partitions) ->
                        partitions.forEach((partition, entry) -> visitor.visit(topic, partition, entry.value())));
    }

    /** Partitions for which open transactions have sent an offset, and nothing is committed. */
    void eachOnlyPending(String group, Visitor visitor) {
        for (Key key : pendingOf.getOrDefault(group, Map.of()).keySet()) {
            if (get(group, key.topic(), key.partition()) == null) {
                visitor.visit(key.topic(), key.partition(), null);
            }
        }
    }

    void set(String group, String topic, int partition, CommittedOffset value, long recordOffset, UndoLog undo) {
        Entry before = put(group, topic, partition, new Entry(value, recordOffset));
        if (undo.isKept()) {
            undo.add(() -> put(group, topic, partition, before));
        }
    }

    /** What is committed, and what open transactions have sent: that does not come back when they commit. */
    void remove(String group, String topic, int partition, UndoLog undo) {
        Entry before = put(group, topic, partition, null);
        if (undo.isKept()) {
            undo.add(() -> put(group, topic, partition, before));
        }
        if (isPending(group, topic, partition)) {
            Key key = new Key(group, topic, partition);
            for (long producerId : List.copyOf(pending.keySet())) {
                removePending(producerId, key, undo);
            }
        }
    }

    /** @param entry null takes it away; answers what was there */
    private Entry put(String group, String topic, int partition, Entry entry) {
        if (entry != null) {
            Entry before = byGroup.computeIfAbsent(group, _ -> new HashMap<>())
                    .computeIfAbsent(topic, _ -> new HashMap<>())
                    .put(partition, entry);
            if (before == null) {
                census.offsets(1);
            }
            return before;
        }
        Map<String, Map<Integer, Entry>> topics = byGroup.get(group);
        Map<Integer, Entry> partitions = topics == null ? null : topics.get(topic);
        if (partitions == null) {
            return null;
        }
        Entry before = partitions.remove(partition);
        if (before != null) {
            census.offsets(-1);
        }
        if (partitions.isEmpty()) {
            topics.remove(topic);
            if (topics.isEmpty()) {
                byGroup.remove(group);
            }
        }
        return before;
    }

    // ---- transactions ----

    /** An open transaction sends an offset. */
    void setPending(
            long producerId,
            String group,
            String topic,
            int partition,
            CommittedOffset value,
            long recordOffset,
            UndoLog undo) {
        Key key = new Key(group, topic, partition);
        Entry before = putPending(producerId, key, new Entry(value, recordOffset));
        if (undo.isKept()) {
            undo.add(() -> putPending(producerId, key, before));
        }
    }

    private void removePending(long producerId, Key key, UndoLog undo) {
        Entry before = putPending(producerId, key, null);
        if (before != null && undo.isKept()) {
            undo.add(() -> putPending(producerId, key, before));
        }
    }

    private Entry putPending(long producerId, Key key, Entry entry) {
        Map<Key, Entry> sent = pending.computeIfAbsent(producerId, _ -> new HashMap<>());
        Entry before = entry == null ? sent.remove(key) : sent.put(key, entry);
        if (sent.isEmpty()) {
            pending.remove(producerId);
        }
        if (before == null && entry != null) {
            pendingOf.computeIfAbsent(key.group(), _ -> new HashMap<>()).merge(key, 1, Integer::sum);
        } else if (before != null && entry == null) {
            Map<Key, Integer> of = pendingOf.get(key.group());
            of.merge(key, -1, (one, other) -> one + other == 0 ? null : one + other);
            if (of.isEmpty()) {
                pendingOf.remove(key.group());
            }
        }
        return before;
    }

    /** A transaction has ended: what it sent counts, where nothing newer was committed meanwhile, or is dropped. */
    void endTransaction(long producerId, boolean commits, UndoLog undo) {
        Map<Key, Entry> sent = pending.get(producerId);
        if (sent == null) {
            return;
        }
        for (Map.Entry<Key, Entry> each : Map.copyOf(sent).entrySet()) {
            Key key = each.getKey();
            Entry entry = each.getValue();
            removePending(producerId, key, undo);
            if (commits && isNewer(key, entry)) {
                set(key.group(), key.topic(), key.partition(), entry.value(), entry.recordOffset(), undo);
            }
        }
    }

    private boolean isNewer(Key key, Entry entry) {
        Map<String, Map<Integer, Entry>> topics = byGroup.get(key.group());
        Map<Integer, Entry> partitions = topics == null ? null : topics.get(key.topic());
        Entry present = partitions == null ? null : partitions.get(key.partition());
        return present == null || present.recordOffset() < entry.recordOffset();
    }
}
