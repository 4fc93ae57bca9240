package io.ottla.console.lag;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the samples that a cluster keeps, from the oldest on, by a consumer without a group. Where there is no topic yet, it
 * looks again from time to time.
 */
final class KeptSamples implements WatchWork {
    private static final TopicPartition PARTITION = new TopicPartition(LagSettings.TOPIC, 0);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofMillis(500);
    private static final int FETCHED_AT_ONCE = 2 << 20;
    private static final Logger log = LoggerFactory.getLogger(KeptSamples.class);

    private final Cluster cluster;
    private final Duration refresh;

    KeptSamples(Cluster cluster, Duration refresh) {
        this.cluster = cluster;
        this.refresh = refresh;
    }

    @Override
    public LagWatch.Source source() {
        return LagWatch.Source.KEPT;
    }

    @Override
    public void run(LagHistory history, Attention attention, Runnable loaded) throws InterruptedException {
        while (attention.isThere()) {
            try {
                if (isThere()) {
                    history.clear();
                    follow(history, attention, loaded);
                } else {
                    loaded.run();
                }
            } catch (InterruptException interrupted) {
                throw new InterruptedException(interrupted.getMessage());
            } catch (ClusterFailure | KafkaException failed) {
                log.debug("Samples of lag can't be read; trying again", failed);
            }
            if (!attention.isThereAfter(refresh)) {
                return;
            }
        }
    }

    private boolean isThere() {
        try {
            cluster.topic(LagSettings.TOPIC);
            return true;
        } catch (ClusterFailure failure) {
            if (failure.reason() == Reason.NOT_FOUND) {
                return false;
            }
            throw failure;
        }
    }

    private void follow(LagHistory history, Attention attention, Runnable loaded) {
        Consumer<byte[], byte[]> consumer = cluster.connect(
                Map.of(
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        FETCHED_AT_ONCE,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        FETCHED_AT_ONCE),
                settings -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        try {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            boolean told = false;
            while (attention.isThere() && !Thread.currentThread().isInterrupted()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    apply(record, history);
                }
                if (!told && consumer.position(PARTITION) >= end) {
                    told = true;
                    loaded.run();
                }
            }
        } finally {
            boolean interrupted = Thread.interrupted();
            consumer.close(CloseOptions.timeout(CLOSE));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void apply(ConsumerRecord<byte[], byte[]> record, LagHistory history) {
        try {
            history.apply(SampleCodec.decode(ByteBuffer.wrap(record.value())));
        } catch (IllegalArgumentException | NullPointerException foreign) {
            log.warn(
                    "{} has something at offset {} that is no sample of lag",
                    LagSettings.TOPIC,
                    record.offset(),
                    foreign);
        }
    }
}
