package io.ottla.coordinator.group;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** What groups do, under Kafka's names: {@code GroupMetadataManager} and {@code group-coordinator-metrics}. Thread-safe. */
final class GroupMeter {
    private static final String OLD = "kafka_coordinator_group_groupmetadatamanager_";
    private static final String NEW = "kafka_server_group_coordinator_metrics_";

    private final Set<GroupCensus> shards = ConcurrentHashMap.newKeySet();
    private final Counter commits;
    private final Counter expirations;
    private final Counter deletions;
    private final Counter rebalances;
    private final Counter consumerRebalances;
    private final Counter failedAssignments;
    private final Distribution assignments;

    GroupMeter(Metrics metrics) {
        commits = metrics.counter(NEW + "offset_commit_total", "Offsets committed", Labels.NONE);
        expirations = metrics.counter(NEW + "offset_expiration_total", "Offsets whose retention is over", Labels.NONE);
        deletions = metrics.counter(NEW + "offset_deletion_total", "Offsets deleted on demand", Labels.NONE);
        rebalances = metrics.counter(
                NEW + "group_completed_rebalance_total", "Rebalances of classic groups completed", Labels.NONE);
        consumerRebalances = metrics.counter(
                NEW + "consumer_group_rebalance_total", "Epochs that consumer groups have begun", Labels.NONE);
        assignments = metrics.distribution(
                NEW + "consumer_group_assignment_time_ms",
                "Milliseconds that computing the targets of a consumer group took",
                Labels.NONE,
                1e-6);
        failedAssignments = metrics.counter(
                NEW + "consumer_group_assignment_failed_total",
                "Targets of consumer groups that an assignor failed to compute",
                Labels.NONE);
        for (ConsumerState state : ConsumerState.values()) {
            gauge(
                    metrics,
                    NEW + "consumer_group_count",
                    "Consumer groups by their state",
                    Labels.of("state", state.shown().toLowerCase(Locale.ROOT)),
                    census -> census.consumer(state));
        }
        gauge(
                metrics,
                NEW + "group_count",
                "Groups by their protocol",
                Labels.of("protocol", ConsumerGroup.TYPE),
                GroupMeter::consumer);
        gauge(metrics, OLD + "numgroups", "Classic groups", Labels.NONE, GroupMeter::classic);
        gauge(metrics, OLD + "numoffsets", "Offsets kept", Labels.NONE, GroupCensus::offsets);
        for (ClassicState state : ClassicState.values()) {
            gauge(
                    metrics,
                    OLD + "numgroups" + state.shown().toLowerCase(Locale.ROOT),
                    "Classic groups in state " + state.shown(),
                    Labels.NONE,
                    census -> census.classic(state));
        }
        gauge(
                metrics,
                NEW + "group_count",
                "Groups by their protocol",
                Labels.of("protocol", ClassicGroup.TYPE),
                GroupMeter::classic);
    }

    private void gauge(Metrics metrics, String name, String help, Labels labels, ToIntFunction<GroupCensus> value) {
        metrics.gauge(name, help, labels, () -> shards.stream().mapToInt(value).sum());
    }

    private static int classic(GroupCensus census) {
        int sum = 0;
        for (ClassicState state : ClassicState.values()) {
            sum += census.classic(state);
        }
        return sum;
    }

    private static int consumer(GroupCensus census) {
        int sum = 0;
        for (ConsumerState state : ConsumerState.values()) {
            sum += census.consumer(state);
        }
        return sum;
    }

    /** A shard begins to work. */
    void add(GroupCensus census) {
        shards.add(census);
    }

    /** A shard has ended. */
    void remove(GroupCensus census) {
        shards.remove(census);
    }

    void committed(int offsets) {
        commits.add(offsets);
    }

    void expired(int offsets) {
        expirations.add(offsets);
    }

    void deleted(int offsets) {
        deletions.add(offsets);
    }

    void rebalanced() {
        rebalances.increment();
    }

    void rebalancedConsumers() {
        consumerRebalances.increment();
    }

    /** Targets of a consumer group were computed, or could not be. */
    void assigned(long tookNs, boolean whole) {
        assignments.record(tookNs);
        if (!whole) {
            failedAssignments.increment();
        }
    }
}
