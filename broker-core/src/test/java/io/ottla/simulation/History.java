package io.ottla.simulation;

import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that producers have sent and heard, and what of it anybody has seen. */
final class History {
    private final Map<String, PartitionHistory> partitions = new TreeMap<>();
    private final List<Sent> records = new ArrayList<>();
    private long acknowledged;

    /** What is known of the partition; null where nobody takes it down. */
    PartitionHistory partition(String topic, int number) {
        return partitions.get(topic + "-" + number);
    }

    /** From now on what happens to the partition is taken down. */
    PartitionHistory keep(String topic, int number) {
        return partitions.computeIfAbsent(
                topic + "-" + number, key -> new PartitionHistory(new TopicPartition(topic, number), this));
    }

    Collection<PartitionHistory> partitions() {
        return partitions.values();
    }

    /** Null where there is none of that id. */
    Sent sent(long id) {
        return id < 0 || id >= records.size() ? null : records.get((int) id);
    }

    /** A producer is about to send a record. */
    Sent send(PartitionHistory partition, Promise promise, int producer) {
        Sent sent = new Sent(records.size(), partition, promise, producer);
        records.add(sent);
        return sent;
    }

    /** @param offset -1 where the broker did not say */
    void acknowledged(Sent sent, long offset) {
        sent.fate(Sent.Fate.ACKNOWLEDGED);
        acknowledged++;
        if (offset >= 0) {
            sent.partition().saw("Producer " + sent.producer(), offset, sent.id());
        }
    }

    long sentRecords() {
        return records.size();
    }

    long acknowledgedRecords() {
        return acknowledged;
    }

    /** After everything has been read: every acknowledged record was there. */
    void requireNothingLost() {
        for (Sent sent : records) {
            if (sent.fate() == Sent.Fate.ACKNOWLEDGED
                    && sent.promise().durable()
                    && sent.offset() < 0
                    && !sent.partition().isExcused()) {
                throw new Violation(sent + " of " + sent.partition() + " is lost");
            }
        }
    }
}
