package io.ottla.console.lag;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes samples to the topic {@link LagSettings#TOPIC}, which it makes: one partition, deleted by age. Its records are dated
 * by the broker that takes them, so that a wrong clock keeps nothing for longer. Not thread-safe.
 */
final class LagTopic implements LagLog {
    private static final int REPLICAS = 3;
    private static final int TIMEOUT_MS = 10_000;
    private static final long BUFFER = 2L << 20;
    private static final long SEGMENTS = 24;
    private static final long SHORTEST_SEGMENT_MS = 60_000;
    private static final String SEGMENT_BYTES = Integer.toString(16 << 20);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;

    private LagTopic(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Makes the topic where it is not there, sets how long it keeps, and opens it. */
    static LagTopic open(Cluster cluster, Duration retain) {
        ensure(cluster, retain);
        return new LagTopic(cluster.connect(
                Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "zstd",
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        BUFFER,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        TIMEOUT_MS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        TIMEOUT_MS),
                settings -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())));
    }

    private static Map<String, String> settings(Duration retain) {
        long segmentMs = Math.max(SHORTEST_SEGMENT_MS, retain.toMillis() / SEGMENTS);
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retain.toMillis()));
        settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segmentMs));
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT_BYTES);
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        return settings;
    }

    private static void ensure(Cluster cluster, Duration retain) {
        Admin admin = cluster.admin();
        Wording doing = Wording.of("doing.lag-topic");
        try {
            cluster.topic(LagSettings.TOPIC);
        } catch (ClusterFailure absent) {
            if (absent.reason() != Reason.NOT_FOUND) {
                throw absent;
            }
            short replicas =
                    (short) Math.min(REPLICAS, cluster.describe().brokers().size());
            NewTopic topic = new NewTopic(LagSettings.TOPIC, Optional.of(1), Optional.of(replicas));
            cluster.await(
                    admin.createTopics(List.of(topic.configs(settings(retain)))).all(), doing);
            return;
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, LagSettings.TOPIC);
        boolean asWanted = cluster.settings(LagSettings.TOPIC).stream()
                .anyMatch(setting -> setting.name().equals(TopicConfig.RETENTION_MS_CONFIG)
                        && setting.value().equals(Long.toString(retain.toMillis())));
        if (!asWanted) {
            cluster.await(
                    admin.incrementalAlterConfigs(Map.of(
                                    resource,
                                    settings(retain).entrySet().stream()
                                            .map(each -> new AlterConfigOp(
                                                    new ConfigEntry(each.getKey(), each.getValue()),
                                                    AlterConfigOp.OpType.SET))
                                            .toList()))
                            .all(),
                    doing);
        }
    }

    @Override
    public void append(byte[] record) {
        Wording doing = Wording.of("doing.lag-topic");
        try {
            producer.send(new ProducerRecord<>(LagSettings.TOPIC, 0, null, record))
                    .get();
        } catch (ExecutionException | KafkaException failed) {
            throw new ClusterFailure(
                    Reason.NO_ANSWER, Wording.of("failure.other", doing, String.valueOf(failed)), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ClusterFailure(Reason.NO_ANSWER, Wording.of("failure.interrupted", doing), interrupted);
        }
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        producer.close(CLOSE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
