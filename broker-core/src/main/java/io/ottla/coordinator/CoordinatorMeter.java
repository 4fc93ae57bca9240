package io.ottla.coordinator;

import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;

/** What a coordinator does, under the names of Kafka's {@code group-coordinator-metrics} and its like. Thread-safe. */
final class CoordinatorMeter {
    private static final double NS_PER_MS = 1e6;

    private final Distribution queueTime;
    private final Distribution processingTime;
    private final Distribution flushTime;
    private final Object loads = new Object();
    private long longestLoadNs;
    private long loadedNs;
    private long loaded;

    /**
     * @param coordinator {@code group-coordinator} and the like
     * @param inPhase how many shards are in a phase
     * @param waiting operations that wait
     */
    CoordinatorMeter(Metrics metrics, String coordinator, ToIntFunction<Shard.Phase> inPhase, IntSupplier waiting) {
        String prefix = "kafka_server_" + coordinator.replace('-', '_') + "_metrics_";
        queueTime = metrics.distribution(
                prefix + "event_queue_time_ms",
                "Milliseconds that operations waited for their turn",
                Labels.NONE,
                1e-6);
        processingTime = metrics.distribution(
                prefix + "event_processing_time_ms",
                "Milliseconds that operations took, their share of writing included",
                Labels.NONE,
                1e-6);
        flushTime = metrics.distribution(
                prefix + "batch_flush_time_ms", "Milliseconds that appends of batches took", Labels.NONE, 1e-6);
        metrics.gauge(
                prefix + "event_queue_size", "Operations that wait for their turn", Labels.NONE, waiting::getAsInt);
        for (Shard.Phase phase : new Shard.Phase[] {Shard.Phase.LOADING, Shard.Phase.ACTIVE, Shard.Phase.FAILED}) {
            metrics.gauge(
                    prefix + "num_partitions",
                    "Partitions of the coordinator's topic that this broker leads, by what they are in",
                    Labels.of("state", phase.name().toLowerCase(Locale.ROOT)),
                    () -> inPhase.applyAsInt(phase));
        }
        metrics.gauge(
                prefix + "partition_load_time_max",
                "Milliseconds that the longest load of a partition took since the start",
                Labels.NONE,
                this::longest);
        metrics.gauge(
                prefix + "partition_load_time_avg",
                "Milliseconds that loads of partitions took on average since the start",
                Labels.NONE,
                this::average);
    }

    private double longest() {
        synchronized (loads) {
            return longestLoadNs / NS_PER_MS;
        }
    }

    private double average() {
        synchronized (loads) {
            return loaded == 0 ? 0 : loadedNs / NS_PER_MS / loaded;
        }
    }

    void began(long waitedNs) {
        queueTime.record(waitedNs);
    }

    void done(long tookNs) {
        processingTime.record(tookNs);
    }

    void flushed(long tookNs) {
        flushTime.record(tookNs);
    }

    void loaded(long tookNs) {
        synchronized (loads) {
            loaded++;
            loadedNs += tookNs;
            longestLoadNs = Math.max(longestLoadNs, tookNs);
        }
    }
}
