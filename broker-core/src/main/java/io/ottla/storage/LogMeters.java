package io.ottla.storage;

import io.ottla.metrics.Counter;
import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** The meters of storage, under Kafka's names. */
final class LogMeters {
    private static final String SIZE = "kafka_log_log_size";
    private static final String START = "kafka_log_log_logstartoffset";
    private static final String END = "kafka_log_log_logendoffset";
    private static final String SEGMENTS = "kafka_log_log_numlogsegments";
    private static final String OFFLINE_COUNT = "kafka_log_logmanager_offlinelogdirectorycount";
    private static final String OFFLINE = "kafka_log_logmanager_logdirectoryoffline";
    private static final String LOGS_LEFT = "kafka_log_logmanager_remaininglogstorecover";
    private static final String SEGMENTS_LEFT = "kafka_log_logmanager_remainingsegmentstorecover";
    private static final String FLUSHES = "kafka_log_logflushstats_logflushrateandtimems";

    private static final String MOVES_LAG = "kafka_server_replicaalterlogdirsmanager_maxlag";
    private static final String MOVES_FAILED = "kafka_server_replicaalterlogdirsmanager_failedpartitionscount";

    private static final String PRODUCERS_REFUSED = "ottla_log_producers_refused_total";

    private record Shown(Labels labels, SegmentedLog log) {}

    private final Metrics metrics;
    private final ConcurrentHashMap<TopicPartition, Shown> logs = new ConcurrentHashMap<>();

    LogMeters(Metrics metrics) {
        this.metrics = metrics;
        gauge(SIZE, "Bytes in all segments of the log", SegmentedLog::sizeBytes);
        gauge(START, "First offset of the log", SegmentedLog::logStartOffset);
        gauge(END, "Offset that the next record gets", SegmentedLog::logEndOffset);
        gauge(SEGMENTS, "Segments of the log", SegmentedLog::segments);
    }

    /** Walks the logs when it is read. */
    private void gauge(String name, String help, ToDoubleFunction<SegmentedLog> value) {
        metrics.<SegmentedLog>levels(
                name, help, to -> logs.values().forEach(shown -> to.accept(shown.labels(), shown.log())), value);
    }

    /** How long fsyncs take, recorded in nanoseconds, shown in milliseconds. */
    Distribution flushTimes() {
        return metrics.distribution(FLUSHES, "Time that flushes of logs take, milliseconds", Labels.NONE, 1e-6);
    }

    /** What was refused of producers that would be too many. */
    Counter producersRefused() {
        return metrics.counter(
                PRODUCERS_REFUSED,
                "Batches of new producers refused where a partition knows as many as it may",
                Labels.NONE);
    }

    void folders(List<LogFolder> folders, IntSupplier offline) {
        metrics.gauge(OFFLINE_COUNT, "Log folders that a disk error took offline", Labels.NONE, offline::getAsInt);
        for (LogFolder folder : folders) {
            metrics.gauge(
                    OFFLINE,
                    "1 where the log folder is offline",
                    Labels.of("logDirectory", folder.path().toString()),
                    () -> folder.isOnline() ? 0 : 1);
        }
    }

    void moves(LongSupplier maxLag, IntSupplier failed) {
        Labels labels = Labels.of("clientId", "ReplicaAlterLogDirs");
        metrics.gauge(
                MOVES_LAG,
                "How many offsets the replica that moves between folders lacks most",
                labels,
                maxLag::getAsLong);
        metrics.gauge(MOVES_FAILED, "Moves between folders that an error has ended", labels, failed::getAsInt);
    }

    void opening(DiskFolder folder, FolderOpening opening) {
        Labels labels = Labels.of("dir", folder.path().toString());
        metrics.gauge(LOGS_LEFT, "Logs that are still to be opened", labels, opening::remainingLogs);
        metrics.gauge(SEGMENTS_LEFT, "Segments that are still to be recovered", labels, opening::remainingSegments);
    }

    void add(SegmentedLog log) {
        logs.put(log.topicPartition(), new Shown(labels(log.topicPartition()), log));
    }

    void remove(TopicPartition partition) {
        logs.remove(partition);
    }

    private static Labels labels(TopicPartition partition) {
        return Labels.of("partition", Integer.toString(partition.partition()), "topic", partition.topic());
    }
}
