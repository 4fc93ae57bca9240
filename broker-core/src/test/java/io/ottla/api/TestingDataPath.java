package io.ottla.api;

import static io.ottla.replication.TestingImages.alone;
import static io.ottla.replication.TestingImages.step;
import static io.ottla.replication.TestingImages.topic;

import io.ottla.config.ReplicationProperties;
import io.ottla.config.TopicProperties;
import io.ottla.coordinator.transaction.TransactionMembership.Wish;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Metrics;
import io.ottla.quota.Quotas;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.Replicas;
import io.ottla.replication.TestingBatches;
import io.ottla.replication.TestingFolder;
import io.ottla.replication.TestingImages;
import io.ottla.replication.TestingLog;
import io.ottla.replication.TestingLogStore;
import io.ottla.replication.TestingTimer;
import io.ottla.security.Authorizer;
import io.ottla.storage.UnverifiedTransaction;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.Caller;
import io.ottla.types.Failure;
import io.ottla.types.Principal;
import io.ottla.types.ProducerIdAndEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The data handlers over logs in memory. What leaves the loop, and what comes back to it, waits until a test runs it.
 */
final class TestingDataPath {
    static final TopicId ID = new TopicId(7, 7);

    final Metrics metrics = new Metrics();
    final TestingTimer time = new TestingTimer();
    final TestingFolder folder = new TestingFolder(Path.of("data"));
    final TestingLogStore store = new TestingLogStore(folder);
    final Queue<Runnable> loop = new ArrayDeque<>();
    final Queue<Runnable> workers = new ArrayDeque<>();
    final Queue<Runnable> readers = new ArrayDeque<>();
    final Set<String> forbidden = new HashSet<>();
    final FetchSessions sessions = new FetchSessions(2, time, new Random(1), metrics);
    final Replicas replicas = new Replicas(TestingImages.SELF, store, set -> topics(), Runnable::run, metrics);
    TopicProperties topics = TopicProperties.DEFAULTS;
    int throttleMs;
    /** Questions to coordinators of transactions, and what they are answered; null for not yet. */
    final List<String> asked = new ArrayList<>();

    Errors belongs = Errors.NONE;
    final Queue<Consumer<Errors>> unanswered = new ArrayDeque<>();
    BatchChecks.Outcome check;
    boolean muchWork;

    private final Authorizer authorizer = new Authorizer() {
        @Override
        public boolean allows(Caller caller, AclOperation operation, ResourceType type, String name) {
            return !forbidden.contains(operation + " " + name);
        }

        @Override
        public boolean allowsAny(Caller caller, AclOperation operation, ResourceType type) {
            return !forbidden.contains(operation + " any");
        }
    };
    private final Quotas quotas = new Quotas() {
        @Override
        public int chargeProduce(Caller caller, long bytes) {
            return throttleMs;
        }

        @Override
        public int chargeFetch(Caller caller, long bytes) {
            return throttleMs;
        }

        @Override
        public int chargeRequestTime(Caller caller, long nanos) {
            return 0;
        }

        @Override
        public int chargeMutations(Caller caller, int partitions) {
            return 0;
        }
    };
    final ProduceHandler produce =
            new ProduceHandler(replicas, this::coordinator, authorizer, quotas, new Checks(), time, time, workers::add);
    final FetchHandler fetch = fetching(ReplicationProperties.DEFAULTS);
    final ListOffsetsHandler listOffsets = new ListOffsetsHandler(replicas, authorizer);
    final OffsetForLeaderEpochHandler epochs = new OffsetForLeaderEpochHandler(replicas, authorizer);
    final DeleteRecordsHandler deleteRecords = new DeleteRecordsHandler(replicas, authorizer, time, workers::add);
    final DescribeLogDirsHandler logDirs = new DescribeLogDirsHandler(replicas, authorizer, workers::add);
    final AlterLogDirsHandler alterLogDirs = new AlterLogDirsHandler(replicas, authorizer, time);
    final DescribeProducersHandler producers = new DescribeProducersHandler(replicas, authorizer, workers::add);
    final Authorizer access = authorizer;

    private UnverifiedTransaction.Coordinator coordinator(String id, ProducerIdAndEpoch producer, Wish wish) {
        return (partitions, answer) -> {
            asked.add(wish + " " + id + " " + producer.id() + "/" + producer.epoch() + " " + partitions);
            Consumer<Errors> later = error -> {
                Map<TopicPartition, Failure> all = new HashMap<>();
                partitions.forEach(each -> all.put(each, error == Errors.NONE ? null : Failure.of(error)));
                answer.accept(all);
            };
            if (belongs == null) {
                unanswered.add(later);
            } else {
                later.accept(belongs);
            }
        };
    }

    /** A topic {@code t} with so many partitions, all led here in epoch 5. */
    TestingDataPath(int partitions) {
        PartitionImage[] states = new PartitionImage[partitions];
        for (int i = 0; i < partitions; i++) {
            states[i] = alone(5);
        }
        BrokerImage self = new BrokerImage(
                TestingImages.SELF,
                new BrokerEpoch(1),
                List.of(new BrokerImage.Endpoint("CLIENT", SecurityProtocol.PLAINTEXT, "one", 9092)),
                null,
                Map.of());
        BrokerImage other = new BrokerImage(
                TestingImages.OTHER,
                new BrokerEpoch(2),
                List.of(new BrokerImage.Endpoint("CLIENT", SecurityProtocol.PLAINTEXT, "two", 9093)),
                "rack",
                Map.of());
        folder.appendExecutor = workers::add;
        apply(
                new MetadataChange.BrokerSet(self),
                new MetadataChange.BrokerSet(other),
                new MetadataChange.TopicSet(topic("t", ID, states)));
    }

    FetchHandler fetching(ReplicationProperties properties) {
        return new FetchHandler(replicas, sessions, authorizer, quotas, time, time, readers::add, properties, metrics);
    }

    private TopicProperties topics() {
        return topics;
    }

    /** Puts {@link #topics} into force. */
    void reconfigure() {
        apply(new MetadataChange.ConfigSet(ConfigResourceName.topic("t"), ConfigImage.EMPTY));
    }

    void apply(MetadataChange... changes) {
        ClusterImage before = replicas.image();
        ImageStep step = step(before, changes);
        replicas.apply(step).toCompletableFuture().join();
    }

    private final class Checks implements BatchChecks {
        @Override
        public boolean mustLeaveLoop(ByteBuffer records, TopicProperties properties) {
            return muchWork;
        }

        @Override
        public Outcome check(ByteBuffer records, short version, TopicProperties properties, long nowMs) {
            if (check != null) {
                return check;
            }
            return records.remaining() == 0
                    ? new Outcome.Failed(Failure.of(Errors.INVALID_RECORD), List.of())
                    : new Outcome.Passed(new TestingBatches(records, 1, 1));
        }
    }

    TestingLog log(int partition) {
        return store.logs.get(new TopicPartition("t", partition));
    }

    RequestContext context(int version) {
        return context(version, ClientSoftware.UNKNOWN);
    }

    RequestContext context(int version, ClientSoftware software) {
        return new RequestContext(
                new Caller(Principal.ANONYMOUS, InetAddress.getLoopbackAddress(), "test"),
                (short) version,
                "CLIENT",
                SecurityProtocol.PLAINTEXT,
                false,
                software,
                time.monotonicNs(),
                loop::add,
                PeerWatch.NONE);
    }

    void runLoop() {
        run(loop);
    }

    void runReaders() {
        run(readers);
    }

    void runWorkers() {
        run(workers);
    }

    private static void run(Queue<Runnable> tasks) {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** The answer, which must be there. */
    static <A extends ApiMessage> A answer(Reply<A> reply) {
        if (reply.outcomeNow() instanceof Reply.Outcome.Answer<A>(A message)) {
            return message;
        }
        throw new AssertionError("Expected an answer, but there is " + reply.outcomeNow());
    }

    /** The counter's value; 0 where there is none. */
    double metric(String name, String... labels) {
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
