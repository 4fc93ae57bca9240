package io.ottla.console.audit;

import io.ottla.console.access.Action;
import io.ottla.console.access.ConsoleVisit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.clusters.Reach;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the newest entries of the trail's topic, without any group: at most some thousands, in at most some seconds. Thread-safe. */
final class AuditReader {
    static final int PAGE = 50;
    private static final int CHUNK = 500;
    private static final int MOST = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final int AT_ONCE = 2;

    private final String topic;
    private final Supplier<Reach> reach;
    private final InstantSource clock;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    /**
     * What was found, the newest first.
     *
     * @param next before which the next page begins; below 0 where there is none
     */
    record Found(List<AuditRecord> entries, long next) {
        static final Found NOTHING = new Found(List.of(), -1);
    }

    AuditReader(String topic, Supplier<Reach> reach, InstantSource clock) {
        this.topic = topic;
        this.reach = reach;
        this.clock = clock;
    }

    Found read(ConsoleVisit visit, AuditQuery query) {
        visit.require(Action.VIEW_AUDIT);
        if (!turns.tryAcquire()) {
            throw new ClusterFailure(Reason.BUSY, Wording.of("audit.busy"));
        }
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings())) {
            return read(consumer, query);
        } catch (UnknownTopicOrPartitionException none) {
            return Found.NOTHING;
        } catch (KafkaException failure) {
            throw new ClusterFailure(
                    Reason.NO_ANSWER,
                    Wording.of("audit.unreadable", topic, String.valueOf(failure.getMessage())),
                    failure);
        } finally {
            turns.release();
        }
    }

    private Found read(Consumer<byte[], byte[]> consumer, AuditQuery query) {
        if (consumer.partitionsFor(topic).isEmpty()) {
            return Found.NOTHING;
        }
        TopicPartition all = new TopicPartition(topic, 0);
        consumer.assign(List.of(all));
        long begin = consumer.beginningOffsets(List.of(all)).get(all);
        long end = consumer.endOffsets(List.of(all)).get(all);
        long top = query.before() < 0 ? end : Math.min(query.before(), end);
        long least = Math.max(begin, top - MOST);
        Instant deadline = clock.instant().plus(PATIENCE);
        List<AuditRecord> found = new ArrayList<>();
        while (top > least && clock.instant().isBefore(deadline)) {
            long from = Math.max(least, top - CHUNK);
            List<ConsumerRecord<byte[], byte[]>> chunk = chunk(consumer, all, from, top, deadline);
            for (ConsumerRecord<byte[], byte[]> record : chunk.reversed()) {
                AuditRecord.read(record.value()).filter(query::matches).ifPresent(found::add);
                if (found.size() == PAGE) {
                    return new Found(found, record.offset() > begin ? record.offset() : -1);
                }
            }
            top = from;
        }
        return new Found(found, top > begin ? top : -1);
    }

    private List<ConsumerRecord<byte[], byte[]>> chunk(
            Consumer<byte[], byte[]> consumer, TopicPartition all, long from, long to, Instant deadline) {
        List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
        consumer.seek(all, from);
        while (consumer.position(all) < to && clock.instant().isBefore(deadline)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                if (record.offset() < to) {
                    chunk.add(record);
                }
            }
        }
        return chunk;
    }

    private Map<String, Object> settings() {
        Reach reached = reach.get();
        Map<String, Object> settings = new HashMap<>(reached.settings());
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, reached.bootstrap());
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "ottla-console-audit");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, CHUNK);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER.toMillis()));
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER.toMillis()));
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return settings;
    }
}
