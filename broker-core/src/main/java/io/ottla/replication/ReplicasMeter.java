package io.ottla.replication;

import io.ottla.metadata.PartitionImage;
import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** What a broker's partitions add up to: Kafka's {@code ReplicaManager} and {@code DelayedOperationPurgatory} meters. */
final class ReplicasMeter {
    private static final String PREFIX = "kafka_server_replicamanager_";

    private final Replicas replicas;
    private final Counter shrinks;
    private final Counter expands;
    private final Counter refused;

    ReplicasMeter(Metrics metrics, Replicas replicas) {
        this.replicas = replicas;
        shrinks = metrics.counter(PREFIX + "isrshrinks_total", "In-sync sets that lost a member", Labels.NONE);
        expands = metrics.counter(PREFIX + "isrexpands_total", "In-sync sets that won a member", Labels.NONE);
        refused = metrics.counter(
                PREFIX + "failedisrupdates_total", "Changes of in-sync sets that the controller refused", Labels.NONE);
        gauge(metrics, "partitioncount", "Partitions held", partition -> true);
        gauge(metrics, "leadercount", "Partitions led", partition -> partition.role() instanceof Role.Leading);
        gauge(metrics, "underreplicatedpartitions", "Led, not all in sync", Partition::isUnderReplicated);
        gauge(metrics, "underminisrpartitioncount", "Led, too few in sync", Partition::isUnderMinInSync);
        gauge(metrics, "atminisrpartitioncount", "Led, just enough in sync", Partition::isAtMinInSync);
        gauge(
                metrics,
                "offlinereplicacount",
                "Partitions whose log is offline",
                partition -> partition.role() instanceof Role.Offline);
        gauge(
                metrics,
                "partitionswithlatetransactionscount",
                "Partitions led with a transaction that is open for longer than transaction.max.timeout.ms and 5 minutes",
                Partition::hasLateTransaction);
        metrics.gauge(
                PREFIX + "produceridcount",
                "Producers that partitions held remember",
                Labels.NONE,
                () -> sum(Partition::producerCount));
        gauge(metrics, "reassigningpartitions", "Led, on their way to other replicas", this::isMoving);
        waiting(metrics, "Produce", Partition::waitingAcks);
        waiting(metrics, "DeleteRecords", Partition::waitingDeletions);
    }

    private boolean isMoving(Partition partition) {
        PartitionImage state =
                partition.role() instanceof Role.Leading ? replicas.image().partition(partition.name()) : null;
        return state != null && state.isMoving();
    }

    private void waiting(Metrics metrics, String operation, ToLongFunction<Partition> count) {
        metrics.gauge(
                "kafka_server_delayedoperationpurgatory_purgatorysize",
                "Operations that wait",
                Labels.of("delayedOperation", operation),
                () -> sum(count));
    }

    private void gauge(Metrics metrics, String name, String help, Predicate<Partition> counts) {
        metrics.gauge(PREFIX + name, help, Labels.NONE, () -> sum(partition -> counts.test(partition) ? 1 : 0));
    }

    private long sum(ToLongFunction<Partition> value) {
        LongAdder sum = new LongAdder();
        replicas.each(partition -> sum.add(value.applyAsLong(partition)));
        return sum.sum();
    }

    void inSyncShrunk() {
        shrinks.increment();
    }

    void inSyncRefused() {
        refused.increment();
    }

    void inSyncExpanded() {
        expands.increment();
    }
}
