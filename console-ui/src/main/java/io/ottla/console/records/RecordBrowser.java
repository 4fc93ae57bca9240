package io.ottla.console.records;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Fetching;
import io.ottla.console.clusters.Partition;
import io.ottla.console.clusters.Topic;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/** Looks through the records of topics, for pages, files and programs alike. Thread-safe. */
final class RecordBrowser {
    /** More partitions than these are not looked into at once: one is to be chosen. */
    static final int MOST_PARTITIONS = 200;

    /** What a page holds at most, so that a few people who look at large records don't fill the memory. */
    private static final long PAGE_BYTES = 16L << 20;

    private final Map<String, SchemaRegistry> registries;
    private final List<MaskingRule> rules;

    /** @param registries by the clusters' keys */
    RecordBrowser(Map<String, SchemaRegistry> registries, List<MaskingRule> rules) {
        this.registries = Map.copyOf(registries);
        this.rules = List.copyOf(rules);
    }

    boolean hasRegistry(Visit visit) {
        return registries.containsKey(visit.key());
    }

    /** How somebody may read a topic. */
    RecordReading reading(Visit visit, String topic, Format keys, Format values) {
        visit.require(Action.READ_RECORDS, topic);
        boolean seesAll = visit.may(Action.READ_UNMASKED, topic);
        return new RecordReading(
                visit,
                new Decoding(topic, Optional.ofNullable(registries.get(visit.key()))),
                new Mask(rules.stream()
                        .filter(rule -> rule.isFor(topic) && (rule.always() || !seesAll))
                        .toList()),
                keys,
                values);
    }

    RecordPage page(Visit visit, String topic, RecordQuery query) {
        RecordReading reading = reading(visit, topic, query.keyFormat(), query.valueFormat());
        List<Integer> offline = new ArrayList<>();
        List<TopicPartition> partitions = partitions(visit.topic(topic), query, offline);
        try (BorrowedConsumer consumer = consumer(visit, partitions, query)) {
            Range range = Range.of(consumer, partitions, query);
            RecordSource source = range.source(consumer, topic, query);
            List<RecordView> found = new ArrayList<>();
            long[] bytes = {0};
            Scan.Outcome outcome = new Scan(source, reading::read, query.filter())
                    .run(
                            record -> {
                                found.add(record);
                                bytes[0] += Math.max(0, record.keyBytes()) + Math.max(0, record.valueBytes());
                                return found.size() < query.size() && bytes[0] < PAGE_BYTES;
                            },
                            query.scan(),
                            Duration.ofSeconds(query.seconds()));
            if (query.forward() == query.newestFirst()) {
                Collections.reverse(found);
            }
            Map<Integer, Long> reached = source.reached();
            Map<Integer, Long> low = query.forward() ? range.starts() : reached;
            Map<Integer, Long> high = query.forward() ? reached : range.starts();
            return new RecordPage(
                    found,
                    outcome,
                    range.isAnyAboveFirst(low) ? Cursor.of(false, low) : null,
                    range.isAnyBelowEnd(high) ? Cursor.of(true, high) : null,
                    offline,
                    low,
                    high);
        }
    }

    /**
     * Hands records on as they are found, so that none is kept.
     *
     * @param begin called once it is known that there is something to read from
     */
    Scan.Outcome stream(Visit visit, String topic, RecordQuery query, Runnable begin, Predicate<RecordView> found) {
        RecordReading reading = reading(visit, topic, query.keyFormat(), query.valueFormat());
        List<TopicPartition> partitions = partitions(visit.topic(topic), query, new ArrayList<>());
        try (BorrowedConsumer consumer = consumer(visit, partitions, query)) {
            RecordSource source = Range.of(consumer, partitions, query).source(consumer, topic, query);
            begin.run();
            return new Scan(source, reading::read, query.filter())
                    .run(found, query.scan(), Duration.ofSeconds(query.seconds()));
        }
    }

    /** One record; the next one there is where compaction took it away. */
    Optional<RecordView> one(Visit visit, String topic, int partition, long offset, RecordQuery how) {
        RecordReading reading = reading(visit, topic, how.keyFormat(), how.valueFormat());
        List<TopicPartition> at = List.of(new TopicPartition(topic, partition(visit.topic(topic), partition)));
        try (BorrowedConsumer consumer = visit.cluster().consumer(Fetching.within(1, false))) {
            Map<Integer, Long> ends = Range.ends(consumer, at);
            RecordSource source =
                    new ForwardSource(consumer, topic, Map.of(partition, Math.min(offset, ends.get(partition))), ends);
            RecordView[] found = new RecordView[1];
            new Scan(source, reading::read, RecordFilter.NONE)
                    .run(
                            record -> {
                                found[0] = record;
                                return false;
                            },
                            RecordQuery.MOST_ON_A_PAGE,
                            Duration.ofSeconds(RecordQuery.SECONDS));
            return Optional.ofNullable(found[0]);
        }
    }

    /** Those that can be looked into, and among {@code offline} those that can't. */
    static List<TopicPartition> partitions(Topic topic, RecordQuery query, List<Integer> offline) {
        if (query.partition().isPresent()) {
            partition(topic, query.partition().getAsInt());
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (Partition partition : topic.partitions()) {
            boolean wanted = query.partition().isEmpty() || query.partition().getAsInt() == partition.id();
            if (wanted && partition.offline()) {
                offline.add(partition.id());
            } else if (wanted) {
                partitions.add(new TopicPartition(topic.name(), partition.id()));
            }
        }
        return partitions;
    }

    private static int partition(Topic topic, int wanted) {
        if (wanted < 0 || wanted >= topic.partitions().size()) {
            throw new ClusterFailure(
                    ClusterFailure.Kind.NO_SUCH_PARTITION,
                    Wording.of(
                            "failure.no-partition",
                            Integer.toString(topic.partitions().size()),
                            Integer.toString(wanted)));
        }
        return wanted;
    }

    private static BorrowedConsumer consumer(Visit visit, List<TopicPartition> partitions, RecordQuery query) {
        return visit.cluster().consumer(Fetching.within(partitions.size(), query.committedOnly()));
    }

    /** An empty map for those who need none. */
    static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
        Map<Integer, Long> by = new TreeMap<>();
        offsets.forEach((partition, offset) -> by.put(partition.partition(), offset));
        return by;
    }
}
