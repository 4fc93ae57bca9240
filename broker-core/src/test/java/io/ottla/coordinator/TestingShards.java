package io.ottla.coordinator;

import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.state;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.TopicProperties;
import io.ottla.coordinator.TestingMachine.Put;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.record.Codec;
import io.ottla.replication.Replicas;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingTimer;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Shards of testing machines over logs in memory; threads run when a test lets them. */
final class TestingShards {
    static final String TOPIC = "__testing";

    final Metrics metrics = new Metrics();
    final TestingTimer time = new TestingTimer();
    final TestingFolder folder = new TestingFolder(Path.of("data"));
    final TestingLogStore store = new TestingLogStore(folder);
    final Replicas replicas =
            new Replicas(TestingImages.SELF, store, set -> TopicProperties.DEFAULTS, Runnable::run, metrics);
    final Queue<Runnable> threads = new ArrayDeque<>();
    final Queue<Runnable> loaders = new ArrayDeque<>();
    final TestingMachine.Kind kind = new TestingMachine.Kind();
    final Shards<TestingMachine, Put> shards = new Shards<>(
            kind,
            new ShardProperties(Codec.NONE, 5_000, 1 << 20),
            replicas,
            threads::add,
            loaders::add,
            time,
            time,
            metrics);

    /** The topic has one partition, led here, and is loaded. */
    static TestingShards active() {
        TestingShards testing = new TestingShards();
        testing.lead(1);
        testing.run();
        return testing;
    }

    void lead(int epoch) {
        apply(alone(epoch));
    }

    /** As {@link #lead}, with another replica, which is in sync or not. */
    void leadBeside(int epoch, int partitionEpoch, boolean inSync) {
        apply(state(1, epoch, partitionEpoch, new int[] {1, 2}, inSync ? new int[] {1, 2} : new int[] {1}));
    }

    void follow(int epoch) {
        apply(state(2, epoch, epoch, new int[] {1, 2}, new int[] {2}));
    }

    private void apply(PartitionImage state) {
        MetadataChange change = replicas.image().topic(TOPIC) == null
                ? new MetadataChange.TopicSet(topic(TOPIC, new TopicId(1, 2), state))
                : new MetadataChange.PartitionSet(TOPIC, 0, state);
        ImageStep step = step(replicas.image(), change);
        replicas.apply(step).toCompletableFuture().join();
        shards.apply(step).toCompletableFuture().join();
    }

    void delete() {
        ImageStep step = step(
                replicas.image(), new MetadataChange.TopicGone(replicas.image().topic(TOPIC)));
        replicas.apply(step).toCompletableFuture().join();
        shards.apply(step).toCompletableFuture().join();
    }

    TestingLog log() {
        return store.logs.get(new TopicPartition(TOPIC, 0));
    }

    /** The newest shard's state. */
    TestingMachine machine() {
        return kind.made.getLast();
    }

    TestingCall ask(TestingCall call) {
        shards.submit("any", call);
        return call;
    }

    /** Puts calls behind one another, as if a thread were busy with the shard, and runs them then. */
    void askTogether(TestingCall... calls) {
        machine().context.submit(TestingCall.ping());
        List.of(calls).forEach(this::ask);
        run();
    }

    void run() {
        while (!threads.isEmpty() || !loaders.isEmpty()) {
            Runnable task = threads.isEmpty() ? loaders.poll() : threads.poll();
            task.run();
        }
    }

    double metric(String name, String... labels) {
        return value("kafka_server_testing_coordinator_metrics_" + name, labels);
    }

    /** What came in to the topic, as all topics' meters count it: {@code bytes} or {@code messages}. */
    double in(String what) {
        return value("kafka_server_brokertopicmetrics_" + what + "in_total", "topic", TOPIC);
    }

    private double value(String name, String... labels) {
        return metrics.read().stream()
                .filter(family -> family.name().equals(name))
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.labels().pairs().equals(List.of(labels)))
                .mapToDouble(sample -> switch (sample) {
                    case Metrics.Sample.Count count -> count.value();
                    case Metrics.Sample.Level level -> level.value();
                    case Metrics.Sample.Spread spread -> spread.reading().count();
                })
                .sum();
    }
}
