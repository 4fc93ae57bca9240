package io.ottla.console.records;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.words.Wording;
import java.time.Duration;
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
 * Upwards from given offsets to given ends: of the partitions' next records the one with the lowest timestamp, so that those
 * of a partition stay in their order. It holds some records of each partition; what holds enough is paused.
 */
final class ForwardSource implements RecordSource {
    static final Duration POLL = Duration.ofMillis(250);

    /** A partition on its way. */
    private static final class Way {
        private final long end;
        private final Deque<ConsumerRecord<byte[], byte[]>> held = new ArrayDeque<>();
        private long position;

        Way(long from, long end) {
            this.position = from;
            this.end = end;
        }

        boolean isReadToItsEnd() {
            return position >= end;
        }

        long reached() {
            return held.isEmpty() ? Math.min(position, end) : held.getFirst().offset();
        }
    }

    private final BorrowedConsumer consumer;
    private final Wording doing = Wording.of("doing.records");
    private final Map<TopicPartition, Way> ways = new HashMap<>();

    /**
     * @param from by partition
     * @param ends of the same partitions; exclusive
     */
    ForwardSource(BorrowedConsumer consumer, String topic, Map<Integer, Long> from, Map<Integer, Long> ends) {
        this.consumer = consumer;
        from.forEach((partition, offset) ->
                ways.put(new TopicPartition(topic, partition), new Way(offset, ends.getOrDefault(partition, offset))));
        List<TopicPartition> wanted = ways.entrySet().stream()
                .filter(way -> !way.getValue().isReadToItsEnd())
                .map(Map.Entry::getKey)
                .toList();
        consumer.ask(doing, client -> {
            client.assign(wanted);
            wanted.forEach(partition -> client.seek(partition, ways.get(partition).position));
            return null;
        });
    }

    @Override
    public ConsumerRecord<byte[], byte[]> next(long deadline) {
        while (true) {
            Way lowest = null;
            boolean isShort = false;
            for (Way way : ways.values()) {
                if (way.held.isEmpty()) {
                    isShort |= !way.isReadToItsEnd();
                } else if (lowest == null || isBefore(way.held.getFirst(), lowest.held.getFirst())) {
                    lowest = way;
                }
            }
            if (!isShort) {
                return lowest == null ? null : lowest.held.removeFirst();
            }
            if (System.nanoTime() >= deadline) {
                return null;
            }
            fill();
        }
    }

    private static boolean isBefore(ConsumerRecord<?, ?> one, ConsumerRecord<?, ?> other) {
        return one.timestamp() != other.timestamp()
                ? one.timestamp() < other.timestamp()
                : one.partition() < other.partition();
    }

    private void fill() {
        List<TopicPartition> enough = new ArrayList<>();
        List<TopicPartition> wanting = new ArrayList<>();
        ways.forEach((partition, way) -> {
            if (way.held.isEmpty() && !way.isReadToItsEnd()) {
                wanting.add(partition);
            } else {
                enough.add(partition);
            }
        });
        consumer.ask(doing, client -> {
            enough.retainAll(client.assignment());
            client.pause(enough);
            client.resume(wanting);
            ConsumerRecords<byte[], byte[]> polled = client.poll(POLL);
            for (TopicPartition partition : wanting) {
                Way way = ways.get(partition);
                for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                    if (record.offset() < way.end) {
                        way.held.addLast(record);
                    }
                }
                way.position = client.position(partition);
            }
            return null;
        });
    }

    @Override
    public boolean isAtEnd() {
        return ways.values().stream().allMatch(way -> way.held.isEmpty() && way.isReadToItsEnd());
    }

    @Override
    public Map<Integer, Long> reached() {
        Map<Integer, Long> reached = new TreeMap<>();
        ways.forEach((partition, way) -> reached.put(partition.partition(), way.reached()));
        return reached;
    }
}
