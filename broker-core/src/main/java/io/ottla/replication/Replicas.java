package io.ottla.replication;

import io.ottla.concurrent.FewAtATime;
import io.ottla.config.TopicProperties;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.ImageListener;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.metrics.Metrics;
import io.ottla.peer.LostReplicas;
import io.ottla.storage.PartitionLog;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.LeaderEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All partitions that this broker holds. Follows the cluster's image: opens logs, takes up roles, deletes what has left.
 * Lookups are safe and cheap from any thread; {@link #apply} is called on the metadata thread, and what is slow (opening,
 * deleting, a new epoch's checkpoint) runs elsewhere, one step of a partition after the other.
 */
public final class Replicas implements ImageListener {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    /** The feature under which an in-sync set below its minimum commits nothing (KIP-966). */
    private static final String ELIGIBLE_REPLICAS = "eligible.leader.replicas.version";

    /** Partitions that take up a role at the same time, be it that thousands are to. */
    private static final int ROLE_STEPS = 4;

    private final BrokerId self;
    private final LogStore store;
    private final Function<Map<String, String>, TopicProperties> topicConfigs;
    private final Executor roleSteps;
    private final ReplicasMeter meter;
    private final HostedTopics topics;
    private final ConcurrentHashMap<TopicPartition, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
    private final Partition.Surroundings surroundings = new Surroundings();
    private volatile ClusterImage image = ClusterImage.EMPTY;
    private volatile Consumer<LostReplicas.Replica> losses = lost -> {};
    private volatile Replication replication;
    private volatile boolean minInSyncStrict;
    private volatile BooleanSupplier inTouch = () -> true;

    /**
     * @param topicConfigs makes a topic's configuration out of what is set on it and the broker's defaults of the moment
     * @param workers for what must not run on the metadata thread; may run tasks in any order
     */
    public Replicas(
            BrokerId self,
            LogStore store,
            Function<Map<String, String>, TopicProperties> topicConfigs,
            Executor workers,
            Metrics metrics) {
        this.self = self;
        this.store = store;
        this.topicConfigs = topicConfigs;
        this.roleSteps = new FewAtATime(workers, ROLE_STEPS);
        this.topics = new HostedTopics(metrics);
        this.meter = new ReplicasMeter(metrics, this);
    }

    /** Says who is told of replicas here that are offline while the cluster does not know it. Called once, before the first image. */
    public void listen(Consumer<LostReplicas.Replica> told) {
        losses = told;
    }

    /**
     * Says how it is known whether leaders here may still be taken for such, which the cluster may have replaced while this
     * process slept. Called once, before the first image; from any thread and cheaply asked.
     */
    public void trust(BooleanSupplier known) {
        inTouch = known;
    }

    /** Whether the cluster can't have given away what this broker leads without its knowing. */
    public boolean isInTouch() {
        return inTouch.getAsBoolean();
    }

    /** Says who moves records between brokers. Called once, before the first image. */
    void replicateBy(Replication by) {
        replication = by;
    }

    /** Null where this broker holds no partition of it. */
    public HostedTopic topic(String name) {
        return topics.find(name);
    }

    /** Null where this broker holds no partition of it. */
    public HostedTopic topic(TopicId id) {
        return topics.find(id);
    }

    /** Null where this broker does not hold it. */
    public Partition partition(String topic, int number) {
        HostedTopic hosted = topics.find(topic);
        return hosted == null ? null : hosted.partition(number);
    }

    /** Why a partition that is not held here can't be served: others may have it, or nobody knows it. */
    public Failure absence(String topic, int number) {
        TopicImage known = image.topic(topic);
        return known == null || known.deleting() || known.partition(number) == null
                ? Role.Refusals.UNKNOWN
                : Role.Refusals.NOT_LEADER;
    }

    /** The image that was last applied. */
    public ClusterImage image() {
        return image;
    }

    public BrokerId self() {
        return self;
    }

    public LogStore store() {
        return store;
    }

    public TopicMeters meters() {
        return topics.meters();
    }

    /** Calls back for each partition held here. */
    public void each(Consumer<Partition> consumer) {
        topics.each(consumer);
    }

    @Override
    public CompletionStage<Void> apply(ImageStep step) {
        ClusterImage after = step.after();
        image = after;
        follow(after.features());
        List<CompletableFuture<Void>> steps = new ArrayList<>();
        for (MetadataChange change : step.changes()) {
            if (change instanceof MetadataChange.ConfigSet(ConfigResourceName resource, var _)) {
                reconfigure(after, resource); // before partitions, whose states may have been decided by it
            }
        }
        for (MetadataChange change : step.changes()) {
            switch (change) {
                case MetadataChange.TopicSet(TopicImage topic) -> follow(step, topic, steps);
                case MetadataChange.PartitionSet(String topic, int number, var _) -> {
                    TopicImage now = after.topic(topic);
                    if (now != null && !now.deleting()) {
                        follow(step, now, number, steps);
                    }
                }
                case MetadataChange.TopicGone(TopicImage topic) -> {
                    boolean deleted = topic.deleting() || after.topic(topic.name()) != null;
                    drop(topic.name(), topic.id(), deleted, steps);
                }
                case MetadataChange.BrokerSet(var broker) -> arrived(broker.id());
                case MetadataChange.BrokerGone(BrokerId id) -> each(partition -> partition.departed(id));
                case MetadataChange.ConfigSet _,
                        MetadataChange.ControllerSet _,
                        MetadataChange.FeaturesSet _,
                        MetadataChange.AccessSet _ -> {}
            }
        }
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
    }

    private void arrived(BrokerId broker) {
        Replication by = replication;
        if (by != null && !broker.equals(self)) {
            by.arrived(broker);
        }
    }

    private void follow(FeaturesImage features) {
        boolean strict = features.levels().getOrDefault(ELIGIBLE_REPLICAS, (short) 0) > 0;
        if (strict != minInSyncStrict) {
            minInSyncStrict = strict;
            each(Partition::reconsider);
        }
    }

    /** Partitions that this broker leads, in no order. */
    public List<TopicPartition> led() {
        List<TopicPartition> led = new ArrayList<>();
        each(partition -> {
            if (partition.role() instanceof Role.Leading) {
                led.add(partition.name());
            }
        });
        return led;
    }

    /** What is left to do behind a start. */
    public CatchUp catchUp() {
        return CatchUp.of(this);
    }

    /** The controller did not change an in-sync set as proposed. */
    void inSyncRefused() {
        meter.inSyncRefused();
    }

    /** Ends all leadership and fails all who wait, before the logs are closed. */
    public void resign() {
        each(Partition::resign);
    }

    private void follow(ImageStep step, TopicImage changed, List<CompletableFuture<Void>> steps) {
        TopicImage topic = step.after().topic(changed.name());
        if (topic == null) {
            return;
        }
        HostedTopic hosted = topics.find(topic.name());
        if (hosted != null && !hosted.id().equals(topic.id()) && !hosted.id().isZero()) {
            drop(hosted.name(), hosted.id(), true, steps);
        }
        if (topic.deleting()) {
            refuse(topic);
            return;
        }
        for (int number = 0; number < topic.partitions().size(); number++) {
            follow(step, topic, number, steps);
        }
    }

    /** A topic that is being deleted takes no new work; its files go when its node has gone. */
    private void refuse(TopicImage topic) {
        HostedTopic hosted = topics.find(topic.name());
        if (hosted != null) {
            for (Partition partition : hosted.partitions()) {
                partition.gone();
            }
        }
    }

    private void follow(ImageStep step, TopicImage topic, int number, List<CompletableFuture<Void>> steps) {
        PartitionImage state = topic.partition(number);
        TopicPartition name = new TopicPartition(topic.name(), number);
        HostedTopic hosted = topics.find(topic.name());
        if (state == null || !state.replicas().contains(self)) {
            if (hosted != null) {
                moveAway(hosted, number, steps);
            }
            return;
        }
        Partition partition = hosted == null ? null : hosted.partition(number);
        if (partition != null) {
            steps.add(inOrder(
                    name,
                    () -> CompletableFuture.supplyAsync(() -> partition.apply(state), roleSteps)
                            .thenCompose(settled -> settled)));
            return;
        }
        HostedTopic host = topics.host(topic.name(), topic.id());
        Partition added = new Partition(name, topic.id(), self, host.meter(), surroundings);
        topics.put(host, added);
        added.apply(state);
        TopicProperties properties = properties(step.after(), topic.name());
        boolean isNew = isNew(step.before(), topic, name);
        steps.add(inOrder(name, () -> open(added, properties, isNew)));
    }

    /** Whether a partition has just come to this broker; at its start nothing has. */
    private boolean isNew(ClusterImage before, TopicImage topic, TopicPartition name) {
        if (before.version().equals(ImageVersion.NONE) && before.topics().isEmpty()) {
            return false;
        }
        TopicImage earlier = before.topic(name.topic());
        PartitionImage state =
                earlier == null || !earlier.id().equals(topic.id()) ? null : earlier.partition(name.partition());
        return state == null || !state.replicas().contains(self);
    }

    private CompletionStage<Void> open(Partition partition, TopicProperties properties, boolean isNew) {
        return store.open(partition.name(), partition.topicId(), properties, isNew)
                .handle((log, error) -> {
                    if (error == null) {
                        log.reconfigure(properties(image, partition.name().topic()));
                        partition.opened(log);
                    } else {
                        LOG.error("Partition {} is offline: its log can't be opened", partition.name(), error);
                        partition.failed();
                    }
                    return null;
                });
    }

    /**
     * A topic is no more.
     *
     * @param deleted whether somebody has asked for that. Else its nodes can't be read, or somebody has taken them away by
     *     hand: its logs are kept, which may be all that is left of it
     */
    private void drop(String name, TopicId id, boolean deleted, List<CompletableFuture<Void>> steps) {
        HostedTopic hosted = topics.find(name);
        if (hosted == null || !hosted.id().equals(id)) {
            return;
        }
        if (!deleted) {
            LOG.warn(
                    "Topic {} of id {} is gone from the cluster, though nobody has deleted it: its nodes in ZooKeeper are"
                            + " not there, or can't be read. Its logs here are kept, and serve again when it is back",
                    name,
                    id);
        }
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (Partition partition : hosted.partitions()) {
            remove(hosted, partition.name().partition(), deleted, removals);
        }
        steps.addAll(removals);
        if (deleted) {
            CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new))
                    .thenRun(() -> store.cleared(DeletedLog.allOf(id)));
        }
    }

    private void moveAway(HostedTopic hosted, int number, List<CompletableFuture<Void>> steps) {
        List<CompletableFuture<Void>> removal = new ArrayList<>();
        remove(hosted, number, true, removal);
        steps.addAll(removal);
        removal.forEach(each -> each.thenRun(() -> store.cleared(new DeletedLog(hosted.id(), number))));
    }

    private void remove(HostedTopic hosted, int number, boolean deleted, List<CompletableFuture<Void>> steps) {
        Partition removed = topics.remove(hosted, number);
        if (removed == null) {
            return;
        }
        removed.gone();
        TopicPartition name = removed.name();
        steps.add(inOrder(name, () -> {
            PartitionLog log = removed.log();
            return log == null || !deleted ? CompletableFuture.completedStage(null) : store.delete(log);
        }));
    }

    /** One step of a partition after the other. A step that fails is told and hinders no later one. */
    private CompletableFuture<Void> inOrder(TopicPartition name, Supplier<CompletionStage<Void>> step) {
        CompletableFuture<Void> next = underWay.getOrDefault(name, CompletableFuture.completedFuture(null))
                .thenCompose(_ -> step.get())
                .exceptionally(error -> {
                    LOG.error("A change of partition {} failed", name, error);
                    return null;
                });
        underWay.put(name, next);
        next.thenRun(() -> underWay.remove(name, next));
        return next;
    }

    private void reconfigure(ClusterImage after, ConfigResourceName resource) {
        if (resource.type() == ConfigResource.Type.TOPIC) {
            HostedTopic topic = topics.find(resource.name());
            if (topic != null) {
                reconfigure(after, topic);
            }
        } else if (resource.equals(ConfigResourceName.brokerDefault())
                || resource.equals(ConfigResourceName.broker(self.value()))) {
            topics.all().forEach(topic -> reconfigure(after, topic));
        }
    }

    private void reconfigure(ClusterImage after, HostedTopic topic) {
        TopicProperties properties = properties(after, topic.name());
        for (Partition partition : topic.partitions()) {
            partition.reconfigure(properties);
        }
    }

    private TopicProperties properties(ClusterImage in, String topic) {
        ConfigImage set = in.configs().get(ConfigResourceName.topic(topic));
        return topicConfigs.apply(set == null ? Map.of() : set.values());
    }

    private final class Surroundings implements Partition.Surroundings {
        @Override
        public void inSyncShrunk() {
            meter.inSyncShrunk();
        }

        @Override
        public void inSyncExpanded() {
            meter.inSyncExpanded();
        }

        @Override
        public void lost(Partition partition, LeaderEpoch epoch, LostReplicas.Loss loss) {
            losses.accept(new LostReplicas.Replica(partition.topicId(), partition.name(), epoch, loss));
        }

        @Override
        public void roleChanged(Partition partition) {
            Replication by = replication;
            if (by != null) {
                by.roleChanged(partition);
            }
        }

        @Override
        public void proposes(Partition partition) {
            Replication by = replication;
            if (by != null) {
                by.proposes(partition);
            }
        }

        @Override
        public BrokerEpoch epochOf(BrokerId broker) {
            BrokerImage live = image.brokers().get(broker);
            return live == null ? BrokerEpoch.NONE : live.epoch();
        }

        @Override
        public boolean isInTouch() {
            return inTouch.getAsBoolean();
        }

        @Override
        public boolean isMinInSyncStrict() {
            return minInSyncStrict;
        }

        @Override
        public ReplicationThrottle sending() {
            return replication.sending();
        }

        @Override
        public long replicaLagNs() {
            Replication by = replication;
            return by == null ? Long.MAX_VALUE : by.lagNs();
        }

        @Override
        public void lookThrough(LeadersCopy copy, LeadersCopy.Asker asker) {
            replication.lookThrough(copy, asker);
        }

        @Override
        public long nowNs() {
            return replication.nowNs();
        }
    }
}
