package io.ottla.console.records;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.words.Wording;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the logs of some partitions reach, and where in them reading starts. Partitions without records are left out.
 *
 * @param firsts by partition, the first offset that is still there
 * @param ends the one after the last
 * @param starts where reading starts, between the two
 */
record Range(Map<Integer, Long> firsts, Map<Integer, Long> ends, Map<Integer, Long> starts) {
    static Range of(BorrowedConsumer consumer, List<TopicPartition> partitions, RecordQuery query) {
        Map<Integer, Long> firsts = RecordBrowser.byPartition(
                consumer.ask(Wording.of("doing.offsets"), client -> client.beginningOffsets(partitions)));
        Map<Integer, Long> ends = ends(consumer, partitions);
        firsts.keySet().retainAll(ends.keySet());
        ends.keySet().retainAll(firsts.keySet());
        firsts.keySet().removeIf(partition -> firsts.get(partition) >= ends.get(partition));
        ends.keySet().retainAll(firsts.keySet());
        if (query.cursor() != null) {
            firsts.keySet().retainAll(query.cursor().offsets().keySet());
            ends.keySet().retainAll(firsts.keySet());
        }
        if (firsts.size() > RecordBrowser.MOST_PARTITIONS) {
            throw new ClusterFailure(
                    ClusterFailure.Reason.REFUSED,
                    Wording.of("records.too-many-partitions", firsts.size(), RecordBrowser.MOST_PARTITIONS));
        }
        Map<Integer, Long> wanted = query.cursor() != null
                ? query.cursor().offsets()
                : switch (query.from()) {
                    case NEWEST -> ends;
                    case OLDEST -> firsts;
                    case OFFSET -> same(firsts, query.offset().getAsLong());
                    case TIME -> at(consumer, partitions, query.time().getAsLong(), firsts, ends);
                };
        Map<Integer, Long> starts = new TreeMap<>();
        firsts.forEach((partition, first) ->
                starts.put(partition, Math.clamp(wanted.get(partition), first, ends.get(partition))));
        return new Range(firsts, ends, starts);
    }

    static Map<Integer, Long> ends(BorrowedConsumer consumer, List<TopicPartition> partitions) {
        return RecordBrowser.byPartition(
                consumer.ask(Wording.of("doing.offsets"), client -> client.endOffsets(partitions)));
    }

    private static Map<Integer, Long> same(Map<Integer, Long> of, long offset) {
        Map<Integer, Long> all = new TreeMap<>();
        of.keySet().forEach(partition -> all.put(partition, offset));
        return all;
    }

    private static Map<Integer, Long> at(
            BorrowedConsumer consumer,
            List<TopicPartition> partitions,
            long time,
            Map<Integer, Long> firsts,
            Map<Integer, Long> ends) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        partitions.stream()
                .filter(partition -> firsts.containsKey(partition.partition()))
                .forEach(partition -> asked.put(partition, time));
        Map<TopicPartition, OffsetAndTimestamp> told =
                consumer.ask(Wording.of("doing.offsets"), client -> client.offsetsForTimes(asked));
        Map<Integer, Long> offsets = new TreeMap<>();
        asked.keySet().forEach(partition -> {
            OffsetAndTimestamp found = told.get(partition);
            offsets.put(partition.partition(), found == null ? ends.get(partition.partition()) : (Long) found.offset());
        });
        return offsets;
    }

    RecordSource source(BorrowedConsumer consumer, String topic, RecordQuery query) {
        return query.forward()
                ? new ForwardSource(consumer, topic, starts, ends)
                : new BackwardSource(consumer, topic, starts, firsts, query.size());
    }

    boolean isAnyAboveFirst(Map<Integer, Long> offsets) {
        return firsts.entrySet().stream()
                .anyMatch(first -> offsets.getOrDefault(first.getKey(), first.getValue()) > first.getValue());
    }

    boolean isAnyBelowEnd(Map<Integer, Long> offsets) {
        return ends.entrySet().stream()
                .anyMatch(end -> offsets.getOrDefault(end.getKey(), end.getValue()) < end.getValue());
    }
}
