package io.ottla.coordinator.transaction;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What transactions do, under names like those of Kafka's {@code transaction-coordinator-metrics}. Thread-safe. */
final class TransactionMeter {
    private static final String PREFIX = "kafka_server_transaction_coordinator_metrics_";

    private final Set<TransactionMachine> shards = ConcurrentHashMap.newKeySet();
    private final Counter commits;
    private final Counter aborts;
    private final Counter timeouts;

    TransactionMeter(Metrics metrics) {
        commits = ended(metrics, "commit");
        aborts = ended(metrics, "abort");
        timeouts = metrics.counter(
                PREFIX + "transaction_timeout_total",
                "Transactions aborted because they were open for too long",
                Labels.NONE);
        metrics.gauge(
                PREFIX + "transactional_id_count",
                "Transactional ids that this broker coordinates",
                Labels.NONE,
                () -> shards.stream().mapToLong(shard -> shard.all().size()).sum());
        for (TransactionState state : TransactionState.values()) {
            metrics.gauge(
                    PREFIX + "transaction_count",
                    "Transactional ids that this broker coordinates, by state",
                    Labels.of("state", state.shown()),
                    () -> count(state));
        }
    }

    private static Counter ended(Metrics metrics, String how) {
        return metrics.counter(
                PREFIX + "transaction_end_total",
                "Transactions of which all partitions know how they ended",
                Labels.of("result", how));
    }

    private long count(TransactionState state) {
        return shards.stream()
                .flatMap(shard -> shard.all().values().stream())
                .filter(metadata -> metadata.state() == state)
                .count();
    }

    void add(TransactionMachine shard) {
        shards.add(shard);
    }

    void remove(TransactionMachine shard) {
        shards.remove(shard);
    }

    void ended(TransactionState decided) {
        (decided == TransactionState.PREPARE_COMMIT ? commits : aborts).add(1);
    }

    void timedOut() {
        timeouts.add(1);
    }
}
