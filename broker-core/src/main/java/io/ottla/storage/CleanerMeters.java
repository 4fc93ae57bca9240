package io.ottla.storage;

import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.time.Clock;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The meters of compaction, under Kafka's names. Thread-safe. */
final class CleanerMeters {
    private static final String CLEANER = "kafka_log_logcleaner_";
    private static final String CHOICE = "kafka_log_logcleanermanager_";

    private final Metrics metrics;
    private final Clock clock;
    private volatile long lookedAtMs;
    private volatile double dirtyPercent;
    private volatile long overdueMs;

    /** What the last pass of each thread was. */
    record LastPass(double mapUtilization, long bytesRead, long bytesWritten, long durationMs) {
        static final LastPass NONE = new LastPass(0, 0, 0, 0);
    }

    CleanerMeters(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.lookedAtMs = clock.monotonicMs();
    }

    /**
     * @param dead threads that an error ended
     * @param last of each thread
     */
    void threads(LongSupplier dead, Supplier<Iterable<LastPass>> last) {
        gauge(CLEANER + "deadthreadcount", "Cleaner threads that an error ended", dead::getAsLong);
        gauge(
                CLEANER + "max_buffer_utilization_percent",
                "How full the memory for the map of keys was in the last pass of a thread, the largest, percent",
                () -> {
                    double most = 0;
                    for (LastPass pass : last.get()) {
                        most = Math.max(most, pass.mapUtilization);
                    }
                    return 100 * most;
                });
        gauge(
                CLEANER + "cleaner_recopy_percent",
                "Bytes written of those read in each thread's last pass, percent",
                () -> {
                    long read = 0;
                    long written = 0;
                    for (LastPass pass : last.get()) {
                        read += pass.bytesRead;
                        written += pass.bytesWritten;
                    }
                    return 100.0 * written / Math.max(1, read);
                });
        gauge(CLEANER + "max_clean_time_secs", "How long the last pass of a thread took, the longest, seconds", () -> {
            long longest = 0;
            for (LastPass pass : last.get()) {
                longest = Math.max(longest, pass.durationMs);
            }
            return longest / 1000.0;
        });
        gauge(
                CLEANER + "max_compaction_delay_secs",
                "How much longer than max.compaction.lag.ms a record has waited, seconds",
                () -> overdueMs / 1000.0);
        gauge(
                CHOICE + "max_dirty_percent",
                "Share of a log that is not compacted, the largest, percent",
                () -> dirtyPercent);
        gauge(
                CHOICE + "time_since_last_run_ms",
                "Since a cleaner thread looked for work last, milliseconds",
                () -> clock.monotonicMs() - lookedAtMs);
    }

    private interface Reading {
        double read();
    }

    private void gauge(String name, String help, Reading value) {
        metrics.gauge(name, help, Labels.NONE, value::read);
    }

    /** What is set aside in a folder. */
    void folder(Path folder, LongSupplier partitions, LongSupplier bytes) {
        Labels labels = Labels.of("logDirectory", folder.toString());
        metrics.gauge(
                CHOICE + "uncleanable_partitions_count",
                "Partitions whose compaction failed and is not tried again as things are",
                labels,
                partitions::getAsLong);
        metrics.gauge(
                CHOICE + "uncleanable_bytes",
                "Bytes of those partitions that are not compacted",
                labels,
                bytes::getAsLong);
    }

    /** A thread has looked at all logs. */
    void looked(double mostDirty, long mostOverdueMs) {
        lookedAtMs = clock.monotonicMs();
        dirtyPercent = 100 * mostDirty;
        overdueMs = mostOverdueMs;
    }
}
