package io.ottla.console.records;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.words.Wording;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Downwards from given offsets: of the partitions' last records the one with the highest timestamp. A log is read upwards
 * alone, so this reads windows of offsets, each below the one before and larger, and takes them from behind.
 */
final class BackwardSource implements RecordSource {
    private static final int HELD_AT_MOST = 20_000;

    /** A partition on its way down. */
    private static final class Way {
        private final long first;
        private final Deque<ConsumerRecord<byte[], byte[]>> held = new ArrayDeque<>();
        private long floor;
        private int window;

        Way(long first, long below, int window) {
            this.first = first;
            this.floor = below;
            this.window = window;
        }

        boolean isReadToItsStart() {
            return floor <= first;
        }

        long reached() {
            return held.isEmpty() ? floor : held.getLast().offset() + 1;
        }
    }

    private final BorrowedConsumer consumer;
    private final Wording doing = Wording.of("doing.records");
    private final Map<TopicPartition, Way> ways = new HashMap<>();
    private final int largest;

    /**
     * @param below by partition, exclusive
     * @param firsts where the same partitions' logs begin
     * @param wanted how many records are likely to be asked for
     */
    BackwardSource(
            BorrowedConsumer consumer, String topic, Map<Integer, Long> below, Map<Integer, Long> firsts, int wanted) {
        this.consumer = consumer;
        int partitions = Math.max(1, below.size());
        this.largest = Math.max(wanted, HELD_AT_MOST / partitions);
        int window = Math.clamp(2L * wanted / partitions, Math.min(8, wanted), wanted);
        below.forEach((partition, offset) -> ways.put(
                new TopicPartition(topic, partition), new Way(firsts.getOrDefault(partition, offset), offset, window)));
    }

    @Override
    public ConsumerRecord<byte[], byte[]> next(long deadline) {
        while (true) {
            Way highest = null;
            List<TopicPartition> wanting = new ArrayList<>();
            for (Map.Entry<TopicPartition, Way> each : ways.entrySet()) {
                Way way = each.getValue();
                if (way.held.isEmpty()) {
                    if (!way.isReadToItsStart()) {
                        wanting.add(each.getKey());
                    }
                } else if (highest == null || isAfter(way.held.getLast(), highest.held.getLast())) {
                    highest = way;
                }
            }
            if (wanting.isEmpty()) {
                return highest == null ? null : highest.held.removeLast();
            }
            if (!load(wanting, deadline)) {
                return null;
            }
        }
    }

    private static boolean isAfter(ConsumerRecord<?, ?> one, ConsumerRecord<?, ?> other) {
        return one.timestamp() != other.timestamp()
                ? one.timestamp() > other.timestamp()
                : one.partition() > other.partition();
    }

    /** False where time ran out: then nothing has changed. */
    private boolean load(List<TopicPartition> wanting, long deadline) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
        wanting.forEach(partition -> {
            Way way = ways.get(partition);
            starts.put(partition, Math.max(way.first, way.floor - way.window));
            read.put(partition, new ArrayList<>());
        });
        boolean complete = consumer.ask(doing, client -> {
            client.assign(wanting);
            starts.forEach(client::seek);
            client.resume(wanting); // What was read to the end of its window before may be paused.
            List<TopicPartition> left = new ArrayList<>(wanting);
            while (!left.isEmpty()) {
                if (System.nanoTime() >= deadline) {
                    return false;
                }
                ConsumerRecords<byte[], byte[]> polled = client.poll(ForwardSource.POLL);
                left.removeIf(partition -> {
                    long end = ways.get(partition).floor;
                    for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                        if (record.offset() < end) {
                            read.get(partition).add(record);
                        }
                    }
                    boolean done = client.position(partition) >= end;
                    if (done) {
                        client.pause(List.of(partition));
                    }
                    return done;
                });
            }
            return true;
        });
        if (complete) {
            read.forEach((partition, records) -> {
                Way way = ways.get(partition);
                way.held.addAll(records);
                way.floor = starts.get(partition);
                way.window = (int) Math.min(largest, way.window * 2L);
            });
        }
        return complete;
    }

    @Override
    public boolean isAtEnd() {
        return ways.values().stream().allMatch(way -> way.held.isEmpty() && way.isReadToItsStart());
    }

    @Override
    public Map<Integer, Long> reached() {
        Map<Integer, Long> reached = new TreeMap<>();
        ways.forEach((partition, way) -> reached.put(partition.partition(), way.reached()));
        return reached;
    }
}
