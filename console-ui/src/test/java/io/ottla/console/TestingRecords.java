package io.ottla.console;

import io.ottla.console.clusters.BorrowedConsumer;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Failures;
import io.ottla.console.clusters.Written;
import io.ottla.console.words.Wording;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Logs in memory, and Kafka's own mock of a consumer over them. Thread-safe. */
public final class TestingRecords {
    /** A value that is never accepted. */
    public static final String REFUSED = "refused by the broker";

    private static final int A_POLL = 7;

    /** How many consumers are borrowed. */
    public final AtomicInteger borrowed = new AtomicInteger();

    /** How often a consumer was told what to read. */
    public final AtomicInteger assigned = new AtomicInteger();

    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> next = new ConcurrentHashMap<>();

    public void clear() {
        logs.clear();
        next.clear();
    }

    public TestingRecords add(String topic, int partition, long timestamp, String key, String value) {
        return add(topic, partition, timestamp, bytes(key), bytes(value), new RecordHeaders());
    }

    public TestingRecords add(String topic, int partition, long timestamp, byte[] key, byte[] value, Headers headers) {
        append(new TopicPartition(topic, partition), timestamp, key, value, headers);
        return this;
    }

    /** Leaves out offsets, as compaction does. */
    public TestingRecords skip(String topic, int partition, long offsets) {
        next.merge(new TopicPartition(topic, partition), offsets, Long::sum);
        return this;
    }

    public List<ConsumerRecord<byte[], byte[]>> log(String topic, int partition) {
        return logs.getOrDefault(new TopicPartition(topic, partition), List.of());
    }

    /** The offset that the next record gets. */
    long end(TopicPartition at) {
        return next.getOrDefault(at, 0L);
    }

    Written write(ProducerRecord<byte[], byte[]> record) {
        if (record.value() != null && new String(record.value(), StandardCharsets.UTF_8).equals(REFUSED)) {
            return new Written.Refused(
                    new ClusterFailure(ClusterFailure.Reason.REFUSED, Wording.quoted("The broker refuses this.")));
        }
        TopicPartition at = new TopicPartition(record.topic(), record.partition() == null ? 0 : record.partition());
        long timestamp = record.timestamp() == null ? 1_000_000 : record.timestamp();
        long offset = append(at, timestamp, record.key(), record.value(), record.headers());
        return new Written.Done(new RecordMetadata(at, offset, 0, timestamp, 0, 0));
    }

    private long append(TopicPartition at, long timestamp, byte[] key, byte[] value, Headers headers) {
        long offset = next.merge(at, 1L, Long::sum) - 1;
        logs.computeIfAbsent(at, none -> new CopyOnWriteArrayList<>())
                .add(new ConsumerRecord<>(
                        at.topic(),
                        at.partition(),
                        offset,
                        timestamp,
                        TimestampType.CREATE_TIME,
                        key == null ? -1 : key.length,
                        value == null ? -1 : value.length,
                        key,
                        value,
                        headers,
                        Optional.empty()));
        return offset;
    }

    public BorrowedConsumer consumer() {
        borrowed.incrementAndGet();
        return new BorrowedConsumer(new Reader(), new Failures(Duration.ofSeconds(5)), borrowed::decrementAndGet);
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private final class Reader extends MockConsumer<byte[], byte[]> {
        Reader() {
            super("earliest");
        }

        @Override
        public synchronized void assign(Collection<TopicPartition> partitions) {
            assigned.incrementAndGet();
            super.assign(partitions);
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
            for (TopicPartition partition : assignment()) {
                if (paused().contains(partition)) {
                    continue;
                }
                List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
                long position = position(partition);
                for (ConsumerRecord<byte[], byte[]> record : logs.getOrDefault(partition, List.of())) {
                    if (record.offset() >= position && found.size() < A_POLL) {
                        found.add(record);
                    }
                }
                if (found.isEmpty()) {
                    seek(partition, Math.max(position, next.getOrDefault(partition, 0L)));
                } else {
                    seek(partition, found.getLast().offset() + 1);
                    polled.put(partition, found);
                }
            }
            if (polled.isEmpty()) {
                LockSupport.parkNanos(Math.min(timeout.toNanos(), 20_000_000));
            }
            return new ConsumerRecords<>(polled, Map.of());
        }

        @Override
        public synchronized Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            partitions.forEach(partition -> {
                List<ConsumerRecord<byte[], byte[]>> log = logs.getOrDefault(partition, List.of());
                offsets.put(partition, log.isEmpty() ? 0 : log.getFirst().offset());
            });
            return offsets;
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            partitions.forEach(partition -> offsets.put(partition, next.getOrDefault(partition, 0L)));
            return offsets;
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> timestamps) {
            Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
            timestamps.forEach((partition, time) -> logs.getOrDefault(partition, List.of()).stream()
                    .filter(record -> record.timestamp() >= time)
                    .findFirst()
                    .ifPresent(record ->
                            found.put(partition, new OffsetAndTimestamp(record.offset(), record.timestamp()))));
            return found;
        }
    }
}
