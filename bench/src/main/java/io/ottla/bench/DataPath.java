package io.ottla.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.ottla.api.ApiRegistry;
import io.ottla.api.BatchChecks;
import io.ottla.api.DataHandlers;
import io.ottla.api.Dispatch;
import io.ottla.api.Exchange;
import io.ottla.api.Reply;
import io.ottla.api.RequestDispatcher;
import io.ottla.api.RequestSource;
import io.ottla.concurrent.Threads;
import io.ottla.config.LogProperties;
import io.ottla.config.ReplicationProperties;
import io.ottla.config.TopicProperties;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.EncodedFrame;
import io.ottla.protocol.FrameEncoder;
import io.ottla.quota.Quotas;
import io.ottla.record.BatchValidator;
import io.ottla.record.Validation;
import io.ottla.replication.FetchSessions;
import io.ottla.replication.LogStore;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.CreateResult;
import io.ottla.storage.Disk;
import io.ottla.storage.FolderLocks;
import io.ottla.storage.LogFolder;
import io.ottla.storage.LogFolders;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.storage.StorageEnvironment;
import io.ottla.storage.StoragePools;
import io.ottla.time.Clock;
import io.ottla.time.TimerWheel;
import io.ottla.types.BrokerId;
import io.ottla.types.ControllerEpoch;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.pcollections.TreePVector;

/**
 * The broker's data path from a request's bytes to its answer's, without sockets: one topic, led here, in real files of
 * a folder that goes with it. Used by one thread.
 */
final class DataPath implements AutoCloseable {
    static final String TOPIC = "bench";
    static final TopicId TOPIC_ID = new TopicId(17, 4);

    private static final BrokerId SELF = new BrokerId(1);
    private static final int BACKGROUND_THREADS = 1;

    final Clock clock = Clock.system();
    final Metrics metrics = new Metrics();
    final BatchValidator validator = new BatchValidator(clock, metrics);

    private final Path folder;
    private final TimerWheel timer = new TimerWheel(clock, Threads.named("bench-timer"));
    private final StoragePools pools = new StoragePools(BACKGROUND_THREADS, BACKGROUND_THREADS);
    private final LogFolders folders;
    private final Replicas replicas;
    private final RequestDispatcher dispatcher;
    private final RequestSource source;
    private final BoundedReadable readable = new BoundedReadable();
    private final FrameEncoder encoder = new FrameEncoder(PooledByteBufAllocator.DEFAULT);
    private final ByteBuf answers = PooledByteBufAllocator.DEFAULT.directBuffer(1 << 20);

    DataPath() throws IOException {
        folder = Files.createTempDirectory("ottla-bench");
        FolderLocks locks = FolderLocks.lock(
                LogProperties.DEFAULTS.withLogDirs(List.of(folder)),
                new StorageEnvironment(Disk.system(), clock, timer, pools, new Random(1), metrics));
        folders = locks.logs((offline, lost) -> {
            throw new IllegalStateException("Expected " + offline.path() + " to work, but it failed");
        });
        folders.open(topic -> TopicProperties.DEFAULTS);
        replicas = new Replicas(SELF, new Store(folders), set -> TopicProperties.DEFAULTS, Runnable::run, metrics);
        MetadataChange change =
                new MetadataChange.TopicSet(new TopicImage(TOPIC, TOPIC_ID, TreePVector.singleton(ledHere()), false));
        ClusterImage after = ClusterImage.EMPTY.with(change);
        replicas.apply(new ImageStep(ClusterImage.EMPTY, after, List.of(change)))
                .toCompletableFuture()
                .join();
        ApiRegistry registry = ApiRegistry.of(DataHandlers.of(
                replicas,
                new FetchSessions(10, clock, new Random(1), metrics),
                (_, _, _) -> {
                    throw new IllegalStateException("Expected no transaction");
                },
                new Checks(),
                Authorizer.allowAll(),
                Quotas.unlimited(),
                clock,
                timer,
                Runnable::run,
                Runnable::run,
                ReplicationProperties.DEFAULTS,
                metrics));
        dispatcher = new RequestDispatcher(
                registry,
                Authorizer.allowAll(),
                Quotas.unlimited(),
                (caller, request, version, deadlineNs) -> CompletableFuture.failedFuture(
                        new IllegalStateException("Expected no request for the controller")),
                () -> true,
                clock,
                metrics);
        source = new RequestSource(
                "PLAINTEXT", SecurityProtocol.PLAINTEXT, false, InetAddress.getLoopbackAddress(), Runnable::run);
    }

    private static PartitionImage ledHere() {
        return new PartitionImage(
                List.of(SELF),
                List.of(),
                List.of(),
                SELF,
                new LeaderEpoch(0),
                new PartitionEpoch(0),
                new ControllerEpoch(1),
                List.of(SELF),
                List.of(),
                BrokerId.NONE,
                false);
    }

    PartitionLog log() {
        return replicas.partition(TOPIC, 0).log();
    }

    /**
     * Handles a request as a connection does, and encodes its answer.
     *
     * @param frame without its length
     * @return bytes of the answer
     */
    int serve(ByteBuf frame) {
        EncodedFrame encoded = encode(frame);
        if (encoded == null) {
            return answers.readableBytes();
        }
        int bytes = encoded.sizeInBytes();
        encoded.release();
        return bytes;
    }

    /** The same for an answer that lies in memory as a whole; the caller's to release. */
    ByteBuf answer(ByteBuf frame) {
        EncodedFrame encoded = encode(frame);
        return encoded == null ? answers.copy() : encoded.asSingleBuffer();
    }

    private EncodedFrame encode(ByteBuf frame) {
        long now = clock.monotonicNs();
        Dispatch dispatch = dispatcher.dispatch(source, readable.over(frame, 0, frame.writerIndex(), 0), now, now);
        if (!(dispatch instanceof Exchange exchange)) {
            throw new IllegalStateException("Expected a request that can be read, but " + dispatch);
        }
        Reply.Outcome<ApiMessage> outcome = exchange.reply().outcomeNow();
        while (outcome == null) {
            // The folder was slow, so that it has appended elsewhere.
            Thread.onSpinWait();
            outcome = exchange.reply().outcomeNow();
        }
        if (!(outcome instanceof Reply.Outcome.Answer<ApiMessage>(ApiMessage answer))) {
            throw new IllegalStateException("Expected an answer, but got " + outcome);
        }
        answers.clear();
        EncodedFrame encoded = encoder.response(
                exchange.correlationId(),
                exchange.responseHeaderVersion(),
                exchange.finish(answer),
                exchange.version(),
                bytes -> answers);
        exchange.sent(clock.monotonicNs());
        return encoded;
    }

    /** Drops all records, so that the folder does not grow from one iteration to the next. */
    void empty() {
        log().truncateFullyAndStartAt(0).toCompletableFuture().join();
    }

    @Override
    public void close() throws IOException {
        answers.release();
        replicas.resign();
        folders.close(-1);
        timer.close();
        pools.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** As in the broker. */
    private final class Checks implements BatchChecks {
        @Override
        public boolean mustLeaveLoop(ByteBuffer records, TopicProperties properties) {
            return validator.mustLeaveLoop(records, properties.batchRules());
        }

        @Override
        public Outcome check(ByteBuffer records, short apiVersion, TopicProperties properties, long nowMs) {
            if (validator.check(records, apiVersion, properties.batchRules())
                    instanceof Validation.Accepted(var batches)) {
                return new Outcome.Passed(batches);
            }
            throw new IllegalStateException("Expected good batches");
        }
    }

    private record Store(LogFolders of) implements LogStore {
        @Override
        public List<LogFolder> folders() {
            return of.folders();
        }

        @Override
        public CompletionStage<PartitionLog> open(
                TopicPartition partition, TopicId id, TopicProperties properties, boolean isNew) {
            return of.create(partition, id, properties, true).thenApply(result -> switch (result) {
                case CreateResult.Created(PartitionLog log) -> log;
                case CreateResult.Refused(var failure) -> throw new IllegalStateException(failure.text());
            });
        }

        @Override
        public CompletionStage<Failure> move(TopicPartition partition, Path folder) {
            return of.move(partition, folder);
        }

        @Override
        public List<MovingLog> moving() {
            return of.moving();
        }

        @Override
        public CompletionStage<Void> delete(PartitionLog log) {
            return of.delete(log.topicPartition());
        }

        @Override
        public void cleared(DeletedLog deleted) {}
    }
}
