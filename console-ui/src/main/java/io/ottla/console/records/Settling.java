package io.ottla.console.records;

import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Fetching;
import io.ottla.console.records.Settlement.Place;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns which records of a page readers of what is committed don't get. A consumer tells nobody whether a record is of a
 * transaction; so what the page covers is read once more the other way, and both are compared: some thousand records at most,
 * and not for long. What isn't reached goes unmarked.
 */
final class Settling {
    private static final int RECORDS = 5_000;
    private static final Duration TIME = Duration.ofMillis(1_500);
    private static final int PATIENCE_MS = 3_000;
    private static final Logger log = LoggerFactory.getLogger(Settling.class);

    private final Visit visit;
    private final String topic;

    Settling(Visit visit, String topic) {
        this.visit = visit;
        this.topic = topic;
    }

    /** Of a page; {@link Settlement#NONE} where nothing can be learnt. */
    Settlement of(RecordPage page, RecordQuery query) {
        try {
            List<TopicPartition> partitions = RecordBrowser.partitions(visit.topic(topic), query, new ArrayList<>());
            if (partitions.size() > RecordBrowser.MOST_PARTITIONS) {
                return Settlement.NONE;
            }
            Map<Integer, Long> waiting = waiting(partitions);
            return query.committedOnly()
                    ? new Settlement(Map.of(), query.filter().isNone() ? leftOut(page) : 0, waiting)
                    : new Settlement(fates(page.records(), waiting), 0, waiting);
        } catch (ClusterFailure untold) {
            log.debug("What transactions have to do with {} stays unknown", topic, untold);
            return Settlement.NONE;
        }
    }

    /** Of one record. */
    Settlement of(RecordView record) {
        try {
            Map<Integer, Long> waiting = waiting(List.of(new TopicPartition(topic, record.partition())));
            return new Settlement(fates(List.of(record), waiting), 0, waiting);
        } catch (ClusterFailure untold) {
            log.debug("What transactions have to do with {} stays unknown", topic, untold);
            return Settlement.NONE;
        }
    }

    private Map<Integer, Long> waiting(List<TopicPartition> partitions) {
        Map<Integer, Long> stable = ends(partitions, IsolationLevel.READ_COMMITTED);
        Map<Integer, Long> waiting = new TreeMap<>();
        ends(partitions, IsolationLevel.READ_UNCOMMITTED).forEach((partition, end) -> {
            if (stable.getOrDefault(partition, end) < end) {
                waiting.put(partition, stable.get(partition));
            }
        });
        return waiting;
    }

    private Map<Integer, Long> ends(List<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        ListOffsetsResult told =
                visit.asking().listOffsets(asked, new ListOffsetsOptions(isolation).timeoutMs(PATIENCE_MS));
        Map<Integer, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ends.put(
                    partition.partition(),
                    visit.cluster()
                            .await(told.partitionResult(partition), Wording.of("doing.offsets"))
                            .offset());
        }
        return ends;
    }

    private Map<Place, Fate> fates(List<RecordView> shown, Map<Integer, Long> waiting) {
        Map<Place, Fate> fates = new HashMap<>();
        Map<Integer, Long> from = new HashMap<>();
        Map<Integer, Long> ends = new HashMap<>();
        for (RecordView record : shown) {
            if (record.offset() >= waiting.getOrDefault(record.partition(), Long.MAX_VALUE)) {
                fates.put(Place.of(record), Fate.WAITING);
            } else {
                from.merge(record.partition(), record.offset(), Math::min);
                ends.merge(record.partition(), record.offset() + 1, Math::max);
            }
        }
        Look committed = look(from, ends, true);
        for (RecordView record : shown) {
            if (committed.isMissing(Place.of(record))) {
                fates.putIfAbsent(Place.of(record), Fate.ABORTED);
            }
        }
        return fates;
    }

    /** What was looked at, and is not on the page though nothing was filtered. */
    private int leftOut(RecordPage page) {
        Set<Place> there = new HashSet<>();
        page.records().forEach(record -> there.add(Place.of(record)));
        Look all = look(page.low(), page.high(), false);
        int missing = 0;
        for (Place place : all.read()) {
            missing += there.contains(place) ? 0 : 1;
        }
        return missing;
    }

    /** What was read, and up to where, by partition. */
    private record Look(Set<Place> read, Map<Integer, Long> reached) {
        boolean isMissing(Place place) {
            return place.offset() < reached.getOrDefault(place.partition(), 0L) && !read.contains(place);
        }
    }

    private Look look(Map<Integer, Long> from, Map<Integer, Long> ends, boolean committedOnly) {
        if (from.isEmpty()) {
            return new Look(Set.of(), Map.of());
        }
        Set<Place> read = new HashSet<>();
        long deadline = System.nanoTime() + TIME.toNanos();
        try (BorrowedConsumer consumer = visit.cluster().consumer(Fetching.within(from.size(), committedOnly))) {
            ForwardSource source = new ForwardSource(consumer, topic, from, ends);
            ConsumerRecord<byte[], byte[]> next = source.next(deadline);
            while (next != null) {
                read.add(new Place(next.partition(), next.offset()));
                next = read.size() < RECORDS ? source.next(deadline) : null;
            }
            return new Look(read, source.reached());
        }
    }
}
