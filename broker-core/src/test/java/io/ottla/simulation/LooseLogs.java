package io.ottla.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What partitions come to, of which records may be lost: all replicas have the same log in the end, in which no record of an
 * idempotent producer is twice or out of its order, and readers get all of it.
 */
final class LooseLogs {
    private final Cluster cluster;
    private final History history;

    LooseLogs(Cluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    private List<PartitionHistory> loose() {
        return history.partitions().stream().filter(PartitionHistory::isExcused).toList();
    }

    private List<SimulatedBroker> replicas(PartitionHistory partition) {
        List<Integer> ids = cluster.replicas(partition);
        return cluster.brokers().stream()
                .filter(broker -> ids.contains(broker.id()))
                .toList();
    }

    /** Which replicas have not come to the same end yet; empty where all have. */
    String unlike() {
        for (PartitionHistory partition : loose()) {
            Set<Long> ends = new HashSet<>();
            for (SimulatedBroker broker : replicas(partition)) {
                ReplicaCopy copy = broker.copy(partition);
                if (copy == null) {
                    return broker + " has no copy of " + partition;
                }
                ends.add(copy.log().logEndOffset());
                ends.add(copy.highWatermark());
            }
            if (ends.size() != 1) {
                return "the replicas of " + partition + " end, and take for committed, at offsets " + ends;
            }
        }
        return "";
    }

    /** Compares them when they have come to the same end. From now on it is demanded that what they have is read. */
    void requireAlike() {
        loose().forEach(this::requireAlike);
    }

    private void requireAlike(PartitionHistory partition) {
        Map<Long, Long> expected = null;
        for (SimulatedBroker broker : replicas(partition)) {
            ReplicaCopy copy = broker.copy(partition);
            Map<Long, Long> records = new TreeMap<>();
            long end = copy.highWatermark();
            long reached = copy.read(copy.log().logStartOffset(), end, (offset, id, epoch) -> records.put(offset, id));
            if (reached < end && broker.disk().isDamaged()) {
                return;
            }
            if (reached < end) {
                throw new Violation(broker + " can't read " + partition + " beyond offset " + reached + " of " + end);
            }
            if (expected != null && !expected.equals(records)) {
                throw new Violation("The replicas of " + partition + " have different records: "
                        + differences(expected, records) + " (" + broker + ")");
            }
            expected = records;
        }
        requireOnceInOrder(partition, expected);
        partition.committedUpTo(cluster.brokers().stream()
                .map(broker -> broker.copy(partition))
                .mapToLong(copy -> copy == null ? 0 : copy.highWatermark())
                .max()
                .orElse(0));
    }

    private static String differences(Map<Long, Long> one, Map<Long, Long> other) {
        Set<Map.Entry<Long, Long>> differing = new LinkedHashSet<>(one.entrySet());
        differing.removeAll(other.entrySet());
        Set<Map.Entry<Long, Long>> others = new LinkedHashSet<>(other.entrySet());
        others.removeAll(one.entrySet());
        return differing + " and " + others;
    }

    private void requireOnceInOrder(PartitionHistory partition, Map<Long, Long> records) {
        Map<Integer, Long> last = new HashMap<>();
        records.forEach((offset, id) -> {
            Sent sent = history.sent(id);
            Long before = sent.promise().inOrder() ? last.put(sent.producer(), id) : null;
            if (before != null && before >= id) {
                throw new Violation(
                        partition + " has " + sent + " at offset " + offset + ", behind " + history.sent(before));
            }
        });
    }
}
