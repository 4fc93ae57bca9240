package io.ottla.coordinator.transaction;

import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.TopicProperties;
import io.ottla.config.TransactionProperties;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Replicas;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingPeers;
import io.ottla.replication.TestingTimer;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;

/** A transaction coordinator over a log in memory, whose time a test moves, and who answers its markers when a test says so. */
final class TestingTransactions {
    static final String TOPIC = "__transaction_state";
    static final String ID = "writer";
    static final int TIMEOUT_MS = 60_000;
    static final TopicPartition HERE = new TopicPartition("t", 0);
    static final TopicPartition ELSEWHERE = new TopicPartition("u", 0);

    final Metrics metrics = new Metrics();
    final TestingTimer time = new TestingTimer();
    final TestingFolder folder = new TestingFolder(Path.of("data"));
    final TestingLogStore store = new TestingLogStore(folder);
    final Replicas replicas =
            new Replicas(TestingImages.SELF, store, set -> TopicProperties.DEFAULTS, Runnable::run, metrics);
    final TestingPeers peers = new TestingPeers();
    final Queue<Runnable> threads = new ArrayDeque<>();
    /** Markers for partitions that are led here, in the order in which they came. */
    final List<Written> markers = new ArrayList<>();

    long nextId = 100;
    final TransactionCoordinator coordinator;
    private int epoch;

    /** A marker, and who waits for it. */
    record Written(TopicPartition partition, TransactionMarker marker, Consumer<Errors> answer) {}

    /** The partition of {@code t} is led here, that of {@code u} by broker 2. */
    TestingTransactions() {
        coordinator = new TransactionCoordinator(
                TransactionProperties.DEFAULTS,
                new TransactionCoordinator.Ports(
                        replicas,
                        threads::add,
                        threads::add,
                        time,
                        time,
                        metrics,
                        () -> CompletableFuture.completedStage(nextId++),
                        peers,
                        (partition, marker, answer) -> markers.add(new Written(partition, marker, answer)),
                        threads::add));
        apply(new MetadataChange.FeaturesSet(new FeaturesImage(Map.of("transaction.version", (short) 2), 1)));
        apply(new MetadataChange.TopicSet(topic("t", new TopicId(3, 4), alone(1))));
        apply(new MetadataChange.TopicSet(
                topic("u", new TopicId(5, 6), TestingImages.state(2, 1, 1, new int[] {2, 1}, new int[] {2, 1}))));
        lead();
    }

    /** The one partition of the topic is led here, from now on in another epoch; its log is loaded. */
    void lead() {
        epoch++;
        apply(change(alone(epoch)));
        run();
    }

    /** As {@link #lead}, with another replica that is in sync and has not fetched: nothing is committed. */
    void leadBesideOneThatLags() {
        epoch++;
        apply(change(TestingImages.state(1, epoch, epoch, new int[] {1, 2}, new int[] {1, 2})));
        run();
    }

    /** Nothing is written meanwhile, and what was is committed. */
    void commitAll() {
        apply(change(TestingImages.state(1, epoch, epoch + 1000, new int[] {1, 2}, new int[] {1})));
        run();
    }

    /** Another broker leads. */
    void follow() {
        epoch++;
        apply(change(TestingImages.state(2, epoch, epoch, new int[] {1, 2}, new int[] {2})));
        run();
    }

    private MetadataChange change(PartitionImage state) {
        return replicas.image().topic(TOPIC) == null
                ? new MetadataChange.TopicSet(topic(TOPIC, new TopicId(1, 2), state))
                : new MetadataChange.PartitionSet(TOPIC, 0, state);
    }

    void apply(MetadataChange change) {
        ImageStep step = step(replicas.image(), change);
        replicas.apply(step).toCompletableFuture().join();
        coordinator.apply(step).toCompletableFuture().join();
    }

    void run() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            task.run();
        }
    }

    void advance(long ms) {
        for (long left = ms; left > 0; left -= 500) {
            time.advance(Math.min(left, 500));
            run();
        }
    }

    TestingLog log() {
        return store.logs.get(new TopicPartition(TOPIC, 0));
    }

    /** Answers the oldest marker that waits. */
    TransactionMarker answerMarker(Errors how) {
        Written written = markers.removeFirst();
        written.answer().accept(how);
        run();
        return written.marker();
    }

    // ---- requests ----

    /** An answer that may come later; null until then. */
    static final class Later<A> implements Consumer<A> {
        A now;

        @Override
        public void accept(A given) {
            if (now != null) {
                throw new IllegalStateException("Expected one answer, but after " + now + " came " + given);
            }
            now = given;
        }
    }

    Later<ProducerAnswer> init(ProducerIdAndEpoch known) {
        Later<ProducerAnswer> answer = new Later<>();
        coordinator.init(ID, known, TIMEOUT_MS, answer);
        run();
        return answer;
    }

    ProducerIdAndEpoch init() {
        return init(ProducerIdAndEpoch.NONE).now.producer();
    }

    Later<Errors> add(ProducerIdAndEpoch by, int version, TopicPartition... partitions) {
        Later<Errors> answer = new Later<>();
        coordinator.add(ID, by, List.of(partitions), version, answer);
        run();
        return answer;
    }

    Later<ProducerAnswer> end(ProducerIdAndEpoch by, boolean commits, int version) {
        Later<ProducerAnswer> answer = new Later<>();
        coordinator.end(ID, by, commits, version, answer);
        run();
        return answer;
    }

    Errors verify(ProducerIdAndEpoch by, TopicPartition partition) {
        Later<Map<TopicPartition, Errors>> answer = new Later<>();
        coordinator.verify(ID, by, List.of(partition), answer);
        run();
        return answer.now.get(partition);
    }

    TransactionState describe() {
        Later<List<TransactionState>> answer = new Later<>();
        coordinator.transactions().describe(List.of(ID), answer);
        run();
        return answer.now.getFirst();
    }

    /** As Kafka's tools show it. */
    String state() {
        return describe().transactionState();
    }
}
