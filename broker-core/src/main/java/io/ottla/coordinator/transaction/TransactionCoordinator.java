package io.ottla.coordinator.transaction;

import io.ottla.config.TransactionProperties;
import io.ottla.coordinator.Call;
import io.ottla.coordinator.Effects;
import io.ottla.coordinator.RecordFormat;
import io.ottla.coordinator.ShardContext;
import io.ottla.coordinator.ShardKind;
import io.ottla.coordinator.ShardProperties;
import io.ottla.coordinator.Shards;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.PeerClient;
import io.ottla.peer.ProducerIds;
import io.ottla.record.Codec;
import io.ottla.replication.Replicas;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * The transaction coordinator of this broker: the front door of the shards of {@code __transaction_state}. Sources: KIP-98,
 * KIP-360, KIP-890.
 *
 * <p>Thread-safe. Answers come on any thread, once; on the caller's where nothing has to be waited for.
 */
public final class TransactionCoordinator implements ImageListener {
    /** The feature by which a cluster says what all of its software knows of transactions. */
    public static final String FEATURE = "transaction.version";

    private final Shards<TransactionMachine, TransactionRecord> shards;
    private final TransactionProperties properties;
    private final ProducerIds ids;
    private final TransactionDirectory directory;
    /** As this broker last applied it. */
    private volatile ClusterImage image = ClusterImage.EMPTY;

    /**
     * What the coordinator works with.
     *
     * @param threads for operations that find their shard busy, and for timers
     * @param loaders for reading logs
     * @param ids of producers
     * @param log where markers of partitions that this broker leads go
     * @param order runs one task after the other, for what is sent to others
     */
    public record Ports(
            Replicas replicas,
            Executor threads,
            Executor loaders,
            Timer timer,
            Clock clock,
            Metrics metrics,
            ProducerIds ids,
            PeerClient peers,
            MarkerLog log,
            Executor order) {}

    public TransactionCoordinator(TransactionProperties properties, Ports ports) {
        this.properties = properties;
        this.ids = ports.ids();
        Markers markers = new MarkerSender(new MarkerSender.Ports(
                ports.replicas().self(), () -> image, ports.peers(), ports.log(), ports.timer(), ports.order()));
        this.shards = new Shards<>(
                new Kind(properties, ports, markers, () -> image),
                new ShardProperties(Codec.NONE, properties.commitTimeoutMs(), properties.loadBufferBytes()),
                ports.replicas(),
                ports.threads(),
                ports.loaders(),
                ports.timer(),
                ports.clock(),
                ports.metrics());
        this.directory = new TransactionDirectory(shards, ports.clock());
    }

    /** Makes shards of {@code __transaction_state}. */
    private static final class Kind implements ShardKind<TransactionMachine, TransactionRecord> {
        private final TransactionRecordFormat format;
        private final TransactionProperties properties;
        private final Ports ports;
        private final Markers markers;
        private final TransactionMeter meter;

        Kind(TransactionProperties properties, Ports ports, Markers markers, Supplier<ClusterImage> image) {
            this.format = new TransactionRecordFormat(() -> versionIn(image.get()) > 0);
            this.properties = properties;
            this.ports = ports;
            this.markers = markers;
            this.meter = new TransactionMeter(ports.metrics());
        }

        @Override
        public String topic() {
            return properties.topic().name();
        }

        @Override
        public String coordinator() {
            return "transaction-coordinator";
        }

        @Override
        public RecordFormat<TransactionRecord> format() {
            return format;
        }

        @Override
        public TransactionMachine machine(ShardContext<TransactionMachine, TransactionRecord> context, int partition) {
            return new TransactionMachine(context, properties, ports.clock(), markers, meter);
        }
    }

    /** What all of the cluster's software knows of transactions: 0, 1 (records of the newer form), 2 (KIP-890). */
    static int versionIn(ClusterImage image) {
        return image.features().levels().getOrDefault(FEATURE, (short) 0);
    }

    /** The name of the topic that keeps transactional ids. */
    public String topic() {
        return properties.topic().name();
    }

    /** What transactional ids there are. */
    public TransactionDirectory transactions() {
        return directory;
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        image = step.after();
        return shards.apply(step);
    }

    /** Ends all shards: the broker stops. */
    public void close() {
        shards.close();
    }

    // ---- producers ----

    /**
     * A producer comes, or comes again for a new epoch. Whoever had the transactional id is fenced, and what it left open is
     * aborted first.
     *
     * @param known what the producer says of itself (KIP-360); {@link ProducerIdAndEpoch#NONE} where it is new
     */
    public void init(String transactionalId, ProducerIdAndEpoch known, int timeoutMs, Consumer<ProducerAnswer> answer) {
        Errors refusal = refusal(transactionalId);
        if (refusal == Errors.NONE && (timeoutMs <= 0 || timeoutMs > properties.maxTimeoutMs())) {
            refusal = Errors.INVALID_TRANSACTION_TIMEOUT;
        }
        request(
                transactionalId,
                refusal,
                (present, freshId, nowMs) -> TransactionRules.init(present, known, timeoutMs, freshId, nowMs),
                answer);
    }

    /**
     * Partitions are to belong to a producer's transaction. They have to be known here: what is not can't be told of the end,
     * and who is not known is taken for deleted then.
     *
     * @param version of transactions that the client speaks
     */
    public void add(
            String transactionalId,
            ProducerIdAndEpoch by,
            Collection<TopicPartition> partitions,
            int version,
            Consumer<Errors> answer) {
        Errors refusal = refusal(transactionalId);
        if (refusal == Errors.NONE && !partitions.stream().allMatch(this::isKnown)) {
            refusal = Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        request(
                transactionalId,
                refusal,
                (present, freshId, nowMs) -> TransactionRules.add(present, by, partitions, version, nowMs),
                told -> answer.accept(told.error()));
    }

    private boolean isKnown(TopicPartition partition) {
        TopicImage topic = image.topic(partition.topic());
        return topic != null && topic.partition(partition.partition()) != null;
    }

    /** Whether partitions belong to a producer's transaction: for each of them why not. */
    public void verify(
            String transactionalId,
            ProducerIdAndEpoch by,
            Collection<TopicPartition> partitions,
            Consumer<Map<TopicPartition, Errors>> answer) {
        Errors refusal = refusal(transactionalId);
        if (refusal != Errors.NONE) {
            answer.accept(all(partitions, refusal));
            return;
        }
        shards.submit(
                transactionalId,
                new Call<>(
                        (machine, call) -> {
                            Map<TopicPartition, Errors> found = new HashMap<>();
                            TransactionMetadata present = machine.get(transactionalId);
                            partitions.forEach(each -> found.put(each, TransactionRules.verify(present, by, each)));
                            return Effects.confirm(transactionalId, call.with(found));
                        },
                        error -> all(partitions, error),
                        answer));
    }

    private static Map<TopicPartition, Errors> all(Collection<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> all = new HashMap<>();
        partitions.forEach(each -> all.put(each, error));
        return all;
    }

    /**
     * A producer ends its transaction. Answered when that is decided for good; the partitions are told behind it.
     *
     * @param version of transactions by which it asks; from 2 on the answer says who it is in the next one
     */
    public void end(
            String transactionalId,
            ProducerIdAndEpoch by,
            boolean commits,
            int version,
            Consumer<ProducerAnswer> answer) {
        request(
                transactionalId,
                refusal(transactionalId),
                (present, freshId, nowMs) -> TransactionRules.end(present, by, commits, version, freshId, nowMs),
                answer);
    }

    private void request(
            String transactionalId, Errors refusal, TransactionRequest.Rule rule, Consumer<ProducerAnswer> answer) {
        if (refusal == Errors.NONE) {
            shards.submit(transactionalId, new TransactionRequest(transactionalId, rule, shards, ids, answer));
        } else {
            answer.accept(ProducerAnswer.refused(refusal));
        }
    }

    /** An id has to fit into a record's key. */
    private static Errors refusal(String transactionalId) {
        boolean fits = transactionalId != null
                && !transactionalId.isEmpty()
                && (transactionalId.length() <= Short.MAX_VALUE / 3
                        || transactionalId.getBytes(StandardCharsets.UTF_8).length <= Short.MAX_VALUE);
        return fits ? Errors.NONE : Errors.INVALID_REQUEST;
    }
}
