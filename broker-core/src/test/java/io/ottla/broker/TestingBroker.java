package io.ottla.broker;

import io.ottla.config.BrokerConfig;
import io.ottla.config.TestingLoggers;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker on a free port of 127.0.0.1, and real clients for it. */
public final class TestingBroker implements AutoCloseable {
    private final Broker broker;
    private final Metrics metrics = new Metrics();

    /** @param more settings; an empty one is left out */
    public TestingBroker(String zooKeeper, Path folder, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "zookeeper.connect", zooKeeper,
                "broker.id", "1",
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.toString(),
                "log.initial.task.delay.ms", "0"));
        settings.putAll(more);
        settings.values().removeIf(String::isEmpty);
        broker = new Broker(BrokerConfig.of(settings), null, new TestingLoggers(), metrics, Clock.system());
        broker.start();
    }

    public Broker broker() {
        return broker;
    }

    Metrics metrics() {
        return metrics;
    }

    /** What the one gauge of a name without labels shows. */
    double level(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.labels().pairs().isEmpty())
                .mapToDouble(sample -> ((Metrics.Sample.Level) sample).value())
                .findFirst()
                .orElseThrow();
    }

    /** What the one counter of a name without labels has counted. */
    double count(String name) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.labels().pairs().isEmpty())
                .mapToDouble(sample -> ((Metrics.Sample.Count) sample).value())
                .findFirst()
                .orElseThrow();
    }

    /** What gauges of a name show, of those that have a label of this value. */
    List<Double> levels(String name, String label, String value) {
        List<Double> levels = new ArrayList<>();
        for (Metrics.Family family : metrics.read()) {
            for (Metrics.Sample sample : family.samples()) {
                if (family.name().equals(name)
                        && sample instanceof Metrics.Sample.Level level
                        && Collections.indexOfSubList(level.labels().pairs(), List.of(label, value)) >= 0) {
                    levels.add(level.value());
                }
            }
        }
        return levels;
    }

    String bootstrap() {
        return "127.0.0.1:" + broker.listeners().getFirst().port();
    }

    Admin admin() {
        return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap(), "auto.offset.reset", "earliest"));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        broker.close();
    }
}
