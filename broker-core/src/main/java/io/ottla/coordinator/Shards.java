package io.ottla.coordinator;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.replication.Role;
import io.ottla.replication.Watcher;
import io.ottla.storage.PartitionLog;
import io.ottla.time.Clock;
import io.ottla.time.Timer;
import io.ottla.types.BrokerId;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards of one coordinator on this broker: for each partition of its internal topic that this broker leads, one.
 * Follows the cluster's image, after {@link Replicas} has. Thread-safe.
 *
 * @param <M> state of a shard
 * @param <R> its records
 */
public final class Shards<M extends ShardMachine<R>, R> implements ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(Shards.class);
    /** After so long it is looked again whether another replica has taken a damaged one's place. */
    private static final long DAMAGED_MS = 200;

    private final Replicas replicas;
    private final ShardEnvironment<M, R> environment;
    private final ConcurrentHashMap<Integer, Shard<M, R>> shards = new ConcurrentHashMap<>();
    private volatile int partitions;
    private volatile boolean closed;

    /**
     * @param threads for operations
     * @param loaders for reading logs
     */
    public Shards(
            ShardKind<M, R> kind,
            ShardProperties properties,
            Replicas replicas,
            Executor threads,
            Executor loaders,
            Timer timer,
            Clock clock,
            Metrics metrics) {
        this.replicas = replicas;
        CoordinatorMeter meter = new CoordinatorMeter(metrics, kind.coordinator(), this::count, this::waiting);
        this.environment =
                new ShardEnvironment<>(kind, properties, threads, loaders, timer, clock, meter, this::restart);
    }

    /**
     * The partition that keeps a group or transactional id, as all of Kafka's software computes it.
     *
     * @param partitions of the topic, more than 0
     */
    public static int partitionOf(String key, int partitions) {
        int hash = key.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }

    /** Whose shards keep a group or transactional id, by a picture of the cluster; nobody where there is no such topic. */
    public static BrokerId keeperOf(ClusterImage image, String topic, String key) {
        TopicImage found = image.topic(topic);
        return found == null || found.deleting()
                ? BrokerId.NONE
                : found.partition(partitionOf(key, found.partitions().size())).leader();
    }

    /** Has an operation run on the shard that keeps this group or transactional id. May run it on the calling thread. */
    public void submit(String key, Operation<M, R> operation) {
        int count = partitions;
        if (count == 0) {
            operation.refuse(Errors.NOT_COORDINATOR);
            return;
        }
        submit(partitionOf(key, count), operation);
    }

    /** As above, for one shard. */
    public void submit(int partition, Operation<M, R> operation) {
        Shard<M, R> shard = shards.get(partition);
        if (shard == null) {
            operation.refuse(Errors.NOT_COORDINATOR);
        } else {
            shard.submit(operation, true);
        }
    }

    /** As above, but never on the calling thread. */
    public void give(int partition, Operation<M, R> operation) {
        Shard<M, R> shard = shards.get(partition);
        if (shard == null) {
            operation.refuse(Errors.NOT_COORDINATOR);
        } else {
            shard.submit(operation, false);
        }
    }

    /** The log of the shard that keeps this group or transactional id; null where it is not here. */
    public PartitionLog log(String key) {
        int count = partitions;
        Partition held =
                count == 0 ? null : replicas.partition(environment.kind().topic(), partitionOf(key, count));
        return held == null ? null : held.log();
    }

    /** The shards that are here, loading or not. */
    public List<Integer> numbers() {
        return List.copyOf(shards.keySet());
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        if (!closed && step.changes().stream().anyMatch(this::concerns)) {
            follow(step.after());
        }
        return CompletableFuture.completedStage(null);
    }

    private boolean concerns(MetadataChange change) {
        String topic = environment.kind().topic();
        return switch (change) {
            case MetadataChange.TopicSet(TopicImage set) -> set.name().equals(topic);
            case MetadataChange.PartitionSet(String name, int _, PartitionImage _) -> name.equals(topic);
            case MetadataChange.TopicGone(TopicImage gone) -> gone.name().equals(topic);
            case MetadataChange.BrokerSet _,
                    MetadataChange.BrokerGone _,
                    MetadataChange.ControllerSet _,
                    MetadataChange.FeaturesSet _,
                    MetadataChange.ConfigSet _,
                    MetadataChange.AccessSet _ -> false;
        };
    }

    private void follow(ClusterImage image) {
        TopicImage topic = image.topic(environment.kind().topic());
        int count = topic == null || topic.deleting() ? 0 : topic.partitions().size();
        partitions = count;
        for (int number = 0; number < count; number++) {
            PartitionImage state = topic.partition(number);
            if (state.leader().equals(replicas.self())) {
                lead(number, state.leaderEpoch());
            } else {
                drop(number);
            }
        }
        for (Integer number : shards.keySet()) {
            if (number >= count) {
                drop(number);
            }
        }
    }

    private void lead(int number, LeaderEpoch epoch) {
        Shard<M, R> present = shards.get(number);
        if (present != null && present.epoch().equals(epoch)) {
            return;
        }
        drop(number);
        begin(number, epoch);
    }

    private void begin(int number, LeaderEpoch epoch) {
        TopicPartition name = new TopicPartition(environment.kind().topic(), number);
        Shard<M, R> shard = new Shard<>(name, epoch, environment);
        shards.put(number, shard);
        new Opening(shard).watch();
    }

    private void drop(int number) {
        Shard<M, R> dropped = shards.remove(number);
        if (dropped != null) {
            dropped.close();
        }
    }

    /** Loads a shard again. */
    private void restart(Shard<M, R> broken) {
        int number = broken.name().partition();
        if (!closed && shards.remove(number, broken)) {
            begin(number, broken.epoch());
        }
    }

    /** Ends all shards: the broker stops. Whoever waits is sent elsewhere. */
    public void close() {
        closed = true;
        new ArrayList<>(shards.keySet()).forEach(this::drop);
    }

    private int count(Shard.Phase phase) {
        return (int)
                shards.values().stream().filter(shard -> shard.phase() == phase).count();
    }

    private int waiting() {
        return shards.values().stream().mapToInt(Shard::waiting).sum();
    }

    /** Waits until the partition has taken up the leadership that the image tells of, and loads the shard then. */
    private final class Opening extends Watcher {
        private final Shard<M, R> shard;
        private final Partition partition;
        private final AtomicBoolean begun = new AtomicBoolean();

        Opening(Shard<M, R> shard) {
            this.shard = shard;
            this.partition =
                    replicas.partition(shard.name().topic(), shard.name().partition());
        }

        void watch() {
            if (partition == null) {
                LOG.error("{} is led here, but is not held", shard.name());
                shard.fail();
                return;
            }
            partition.watch(this);
            changed();
        }

        @Override
        protected void changed() {
            if (!isWanted()) {
                if (begun.compareAndSet(false, true)) {
                    partition.unwatch(this);
                }
                return;
            }
            if (partition.role() instanceof Role.Leading leading
                    && leading.epoch().equals(shard.epoch())
                    && begun.compareAndSet(false, true)) {
                partition.unwatch(this);
                try {
                    environment.loaders().execute(() -> load(leading));
                } catch (RejectedExecutionException stopping) {
                    shard.fail();
                }
            }
        }

        private boolean isWanted() {
            return !closed && shards.get(shard.name().partition()) == shard;
        }

        /** Whether others have what is damaged here, so that one of them is to lead: then nothing is served from this log. */
        private boolean isElsewhere(long offset) {
            if (!partition.suspect(offset)) {
                return false;
            }
            LOG.warn(
                    "{} is damaged here at offset {}: it is not loaded while another replica may lead",
                    shard.name(),
                    offset);
            environment.timer().schedule(DAMAGED_MS, () -> {
                shard.close();
                restart(shard);
            });
            return true;
        }

        private void load(Role.Leading leading) {
            long startNs = environment.clock().monotonicNs();
            try {
                boolean whole = new ShardLoader<>(
                                partition.log(),
                                shard.machine(),
                                environment.kind().format(),
                                environment.properties().loadBufferBytes(),
                                environment.clock(),
                                this::isWanted,
                                this::isElsewhere)
                        .load();
                if (whole) {
                    environment.meter().loaded(environment.clock().monotonicNs() - startNs);
                    shard.activate(partition, leading);
                }
            } catch (IOException | RuntimeException e) {
                LOG.error("{} can't be loaded; what it keeps is not served", shard.name(), e);
                shard.fail();
            }
        }
    }
}
