package io.ottla.chaos.cluster;

import io.ottla.chaos.history.LogName;
import io.ottla.chaos.history.Position;
import io.ottla.chaos.history.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Which transactions are open, as coordinators and partitions tell it; and which version of them the cluster is told to know. */
public final class Transactions implements AutoCloseable {
    private static final String FEATURE = "transaction.version";
    private static final Set<TransactionState> ENDED =
            Set.of(TransactionState.EMPTY, TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT);

    /**
     * A transaction without an end.
     *
     * @param log that of transactions' own, where its coordinator tells so
     * @param offset where it begins, or {@link Step#UNTOLD}
     */
    public record Open(LogName log, long offset, String what) {}

    private final Admin admin;

    public Transactions(Cluster cluster) {
        admin = cluster.admin();
    }

    /** Has clients work by that version; to be asked again until it is so. @return whether it is */
    public boolean work(int version) throws InterruptedException, ExecutionException {
        FinalizedVersionRange range = admin.describeFeatures()
                .featureMetadata()
                .get()
                .finalizedFeatures()
                .get(FEATURE);
        int now = range == null ? 0 : range.maxVersionLevel();
        if (now != version) {
            FeatureUpdate update = new FeatureUpdate(
                    (short) version,
                    version < now ? FeatureUpdate.UpgradeType.UNSAFE_DOWNGRADE : FeatureUpdate.UpgradeType.UPGRADE);
            admin.updateFeatures(Map.of(FEATURE, update), new UpdateFeaturesOptions())
                    .all()
                    .get();
        }
        return now == version;
    }

    /** Who coordinates one that is open. */
    Optional<Integer> coordinator() throws InterruptedException, ExecutionException {
        Map<Integer, Collection<TransactionListing>> byBroker =
                admin.listTransactions().allByBrokerId().get();
        List<Integer> busy = new ArrayList<>(byBroker.keySet());
        busy.removeIf(broker -> byBroker.get(broker).stream().allMatch(Transactions::hasEnded));
        // Another one each time, for whose transactions are open changes with each moment.
        return busy.isEmpty()
                ? Optional.empty()
                : Optional.of(busy.get((int) (System.nanoTime() / 1_000 % busy.size())));
    }

    private static boolean hasEnded(TransactionListing listing) {
        return ENDED.contains(listing.state());
    }

    /** In these partitions, those of groups' offsets, and at the coordinators. */
    public List<Open> open(Collection<LogName> logs) throws InterruptedException, ExecutionException {
        List<Open> open = new ArrayList<>();
        for (TransactionListing each : admin.listTransactions().all().get()) {
            if (!hasEnded(each)) {
                open.add(new Open(
                        new LogName(
                                "__transaction_state",
                                Utils.abs(each.transactionalId().hashCode()) % Cluster.OFFSETS_PARTITIONS),
                        Step.UNTOLD,
                        "its coordinator has " + each.transactionalId() + " of producer " + each.producerId() + " as "
                                + each.state()));
            }
        }
        List<TopicPartition> partitions = new ArrayList<>();
        logs.forEach(log -> partitions.add(new TopicPartition(log.topic(), log.partition())));
        for (int i = 0; i < Cluster.OFFSETS_PARTITIONS; i++) {
            partitions.add(new TopicPartition("__consumer_offsets", i));
        }
        addOfProducers(partitions, open);
        addHeldBack(partitions, open);
        return open;
    }

    /** Where a group is, once no transaction is open that moves it. */
    public List<Position> standing(String group) throws InterruptedException, ExecutionException {
        List<Position> positions = new ArrayList<>();
        admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        positions.add(new Position(name(partition), offset.offset()));
                    }
                });
        return positions;
    }

    private void addOfProducers(List<TopicPartition> partitions, List<Open> open)
            throws InterruptedException, ExecutionException {
        admin.describeProducers(partitions).all().get().forEach((partition, state) -> {
            for (ProducerState each : state.activeProducers()) {
                if (each.currentTransactionStartOffset().isPresent()) {
                    long offset = each.currentTransactionStartOffset().getAsLong();
                    OptionalInt epoch = each.coordinatorEpoch();
                    open.add(new Open(
                            name(partition),
                            offset,
                            "producer " + each.producerId() + " of epoch " + each.producerEpoch()
                                    + " has a transaction in " + partition + " since offset " + offset
                                    + (epoch.isPresent() ? ", coordinator's epoch " + epoch.getAsInt() : "")));
                }
            }
        });
    }

    private void addHeldBack(List<TopicPartition> partitions, List<Open> open)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, ListOffsetsResultInfo> all = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, ListOffsetsResultInfo> committed = ends(partitions, IsolationLevel.READ_COMMITTED);
        for (TopicPartition each : partitions) {
            long stable = committed.get(each).offset();
            long end = all.get(each).offset();
            if (stable < end) {
                open.add(new Open(
                        name(each),
                        stable,
                        "readers of committed records get to offset " + stable + " of " + each
                                + ", though it ends at offset " + end));
            }
        }
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ends(List<TopicPartition> partitions, IsolationLevel isolation)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(each -> latest.put(each, OffsetSpec.latest()));
        return admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get();
    }

    private static LogName name(TopicPartition partition) {
        return new LogName(partition.topic(), partition.partition());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
