package io.ottla.simulation;

import io.ottla.types.TopicPartition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What everybody has seen of one partition's committed records. There is one such log, whoever looks at it and whenever:
 * two who see different records at one offset, a record that was never sent, one that is there twice or out of its order
 * are violations.
 *
 * <p>Where records may be lost, by an unclean election or by faults that no replication survives, there are several such
 * logs, one after the other. Then a leader's epoch and an offset name one record, whoever has it and whenever.
 */
final class PartitionHistory {
    private static final long UNSEEN = -1;

    /** Where a leader has written a record. */
    private record Place(int epoch, long offset) {}

    private final TopicPartition name;
    private final History history;
    private long[] ids = new long[64];
    private final Map<Integer, TreeMap<Long, Long>> orders = new HashMap<>();
    private final Map<Place, Long> written = new HashMap<>();
    private long end;
    private boolean excused;
    private int committedIn = -1;

    PartitionHistory(TopicPartition name, History history) {
        this.name = name;
        this.history = history;
        Arrays.fill(ids, UNSEEN);
    }

    TopicPartition name() {
        return name;
    }

    /** Every offset below has been committed, and stays; 0 where records may be lost. */
    long end() {
        return end;
    }

    /** Records of this partition may be lost from now on. */
    void excuse() {
        excused = true;
        end = 0;
    }

    boolean isExcused() {
        return excused;
    }

    /** Somebody knows that everything below the offset is committed. */
    void committedUpTo(long offset) {
        end = Math.max(end, offset);
    }

    /** A leader says so. */
    void committedUpTo(long offset, int epoch) {
        committedUpTo(offset);
        committedIn = Math.max(committedIn, epoch);
    }

    /** The last epoch in which a leader has said what is committed. */
    int committedIn() {
        return committedIn;
    }

    /** Somebody has seen a record that a leader has written in that epoch, committed where none may be lost. */
    void saw(String who, long offset, long id, int epoch) {
        if (!excused) {
            saw(who, offset, id);
            return;
        }
        requireSent(who, offset, id);
        Long other = written.putIfAbsent(new Place(epoch, offset), id);
        if (other != null && other != id) {
            throw new Violation(who + " sees " + history.sent(id) + " at offset " + offset + " and epoch " + epoch
                    + " of " + name + ", where others saw " + history.sent(other));
        }
    }

    /** A record of that id. */
    Sent sent(long id) {
        return history.sent(id);
    }

    private Sent requireSent(String who, long offset, long id) {
        Sent sent = history.sent(id);
        if (sent == null || sent.partition() != this) {
            throw new Violation(who + " sees " + (sent == null ? "record " + id + ", which nobody has sent," : sent)
                    + " at offset " + offset + " of " + name);
        }
        return sent;
    }

    /** Somebody has seen a committed record. */
    void saw(String who, long offset, long id) {
        if (excused) {
            return;
        }
        reserve(offset);
        end = Math.max(end, offset + 1);
        int at = Math.toIntExact(offset);
        if (ids[at] == id) {
            return;
        }
        Sent sent = requireSent(who, offset, id);
        if (ids[at] != UNSEEN) {
            throw new Violation(who + " sees " + sent + " at offset " + offset + " of " + name + ", where others saw "
                    + history.sent(ids[at]));
        }
        if (sent.fate() == Sent.Fate.REFUSED) {
            throw new Violation(who + " sees " + sent + " at offset " + offset + " of " + name);
        }
        if (sent.promise().once() && sent.offset() >= 0) {
            throw new Violation(who + " sees " + sent + " at offset " + offset + " of " + name
                    + ", and it is at offset " + sent.offset() + " too");
        }
        ids[at] = id;
        sent.seenAt(offset);
        if (sent.promise().inOrder()) {
            requireOrder(who, sent, offset);
        }
    }

    private void requireOrder(String who, Sent sent, long offset) {
        TreeMap<Long, Long> order = orders.computeIfAbsent(sent.producer(), p -> new TreeMap<>());
        Map.Entry<Long, Long> before = order.lowerEntry(offset);
        Map.Entry<Long, Long> after = order.higherEntry(offset);
        if (before != null && before.getValue() > sent.id()) {
            throw new Violation(who + " sees " + sent + " at offset " + offset + " of " + name
                    + ", behind one that was sent later: " + before);
        }
        if (after != null && after.getValue() < sent.id()) {
            throw new Violation(who + " sees " + sent + " at offset " + offset + " of " + name
                    + ", before one that was sent earlier: " + after);
        }
        order.put(offset, sent.id());
    }

    private void reserve(long offset) {
        if (offset >= ids.length) {
            int before = ids.length;
            ids = Arrays.copyOf(ids, (int) Math.max(offset + 1, before * 2L));
            Arrays.fill(ids, before, ids.length, UNSEEN);
        }
    }

    @Override
    public String toString() {
        return name.toString();
    }
}
