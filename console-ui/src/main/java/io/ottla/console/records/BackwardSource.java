package io.ottla.console.records;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.words.Wording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Downwards from given offsets: of the partitions' last records the one with the highest timestamp. A log is read upwards
 * alone, so this reads windows of offsets, each below the one before and larger, and takes them from behind. When one partition
 * is used up, all that soon will be are read with it, since what costs time is to ask, however little it is about. What they
 * hold together is bounded, in records and in bytes.
 */
final class BackwardSource implements RecordSource {
    private static final int HELD_AT_MOST = 20_000;
    private static final long BYTES_AT_MOST = 16L << 20;

    private final BorrowedConsumer consumer;
    private final Wording doing = Wording.of("doing.records");
    private final Map<TopicPartition, Descent> descents = new HashMap<>();

    /**
     * @param below by partition, exclusive
     * @param firsts where the same partitions' logs begin
     * @param wanted how many records are likely to be asked for
     */
    BackwardSource(
            BorrowedConsumer consumer, String topic, Map<Integer, Long> below, Map<Integer, Long> firsts, int wanted) {
        this.consumer = consumer;
        int window = Math.clamp(2L * wanted / Math.max(1, below.size()), Math.min(8, wanted), wanted);
        below.forEach((partition, offset) -> descents.put(
                new TopicPartition(topic, partition),
                new Descent(firsts.getOrDefault(partition, offset), offset, window)));
    }

    @Override
    public ConsumerRecord<byte[], byte[]> next(long deadline) {
        while (true) {
            Descent highest = null;
            boolean isWanting = false;
            for (Descent each : descents.values()) {
                isWanting |= each.isWanting();
                if (!each.isEmpty() && (highest == null || isAfter(each.last(), highest.last()))) {
                    highest = each;
                }
            }
            if (!isWanting) {
                return highest == null ? null : highest.take();
            }
            if (!load(deadline)) {
                return null;
            }
        }
    }

    private static boolean isAfter(ConsumerRecord<?, ?> one, ConsumerRecord<?, ?> other) {
        return one.timestamp() != other.timestamp()
                ? one.timestamp() > other.timestamp()
                : one.partition() > other.partition();
    }

    /** False where time ran out: of what was not read to its end then nothing is kept. */
    private boolean load(long deadline) {
        List<TopicPartition> left = new ArrayList<>();
        int records = 0;
        long bytes = 0;
        for (Map.Entry<TopicPartition, Descent> each : descents.entrySet()) {
            records += each.getValue().heldRecords();
            bytes += each.getValue().heldBytes();
            if (each.getValue().isLow()) {
                left.add(each.getKey());
            }
        }
        int most = Math.max(1, (HELD_AT_MOST - records) / left.size());
        long mostBytes = (BYTES_AT_MOST - bytes) / left.size();
        return consumer.ask(doing, client -> {
            client.assign(left);
            client.resume(left); // What was read to the end of its window before may be paused.
            left.forEach(
                    partition -> client.seek(partition, descents.get(partition).open(most, mostBytes)));
            while (!left.isEmpty()) {
                if (System.nanoTime() >= deadline) {
                    return false;
                }
                ConsumerRecords<byte[], byte[]> polled = client.poll(ForwardSource.POLL);
                left.removeIf(partition -> isRead(partition, polled, client));
            }
            return true;
        });
    }

    private boolean isRead(
            TopicPartition partition, ConsumerRecords<byte[], byte[]> polled, Consumer<byte[], byte[]> client) {
        Descent descent = descents.get(partition);
        descent.add(polled.records(partition));
        if (!descent.close(client.position(partition))) {
            return false;
        }
        client.pause(List.of(partition));
        return true;
    }

    @Override
    public boolean isAtEnd() {
        return descents.values().stream().allMatch(each -> each.isEmpty() && each.isReadToItsStart());
    }

    @Override
    public Map<Integer, Long> reached() {
        Map<Integer, Long> reached = new TreeMap<>();
        descents.forEach((partition, each) -> reached.put(partition.partition(), each.reached()));
        return reached;
    }
}
