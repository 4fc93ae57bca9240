package io.ottla.console.audit;

import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.Reach;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic of the trail, in the cluster beside the console: one partition, so that entries keep their order. It is made with the
 * first entry, with three replicas where there are as many brokers.
 */
final class AuditTopic implements AuditSink {
    private static final short MOST_REPLICAS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AuditProperties properties;
    private final Supplier<ManagedCluster> cluster;
    private final Supplier<Reach> reach;
    private Producer<byte[], byte[]> producer;
    private boolean made;

    /**
     * @param cluster asked at the first entry, as {@code reach}
     * @param reach of that cluster
     */
    AuditTopic(AuditProperties properties, Supplier<ManagedCluster> cluster, Supplier<Reach> reach) {
        this.properties = properties;
        this.cluster = cluster;
        this.reach = reach;
    }

    @Override
    public void write(byte[] record) throws Exception {
        if (!made) {
            make();
            made = true;
        }
        if (producer == null) {
            producer = new KafkaProducer<>(settings());
        }
        try {
            producer.send(new ProducerRecord<>(properties.topic(), 0, null, record))
                    .get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            made = false; // Somebody may have deleted it.
            throw failed;
        }
    }

    private void make() throws Exception {
        Admin admin = cluster.get().cluster().admin();
        int brokers = admin.describeCluster()
                .nodes()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .size();
        NewTopic topic = new NewTopic(properties.topic(), 1, (short) Math.clamp(brokers, 1, MOST_REPLICAS))
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(properties.retention().toMillis())));
        try {
            admin.createTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            if (!(refused.getCause() instanceof TopicExistsException)) {
                throw refused;
            }
        }
    }

    private Map<String, Object> settings() {
        Reach reached = reach.get();
        Map<String, Object> settings = new HashMap<>(reached.settings());
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, reached.bootstrap());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "ottla-console-audit");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis() / 2));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L << 20);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return settings;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
            producer = null;
        }
    }
}
