package io.ottla.storage;

import io.ottla.metrics.Distribution;
import io.ottla.metrics.Labels;
import io.ottla.metrics.Metrics;
import io.ottla.types.TopicPartition;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

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

    private final Metrics metrics;

    LogMeters(Metrics metrics) {
        this.metrics = metrics;
    }

    /** How long fsyncs take, recorded in nanoseconds, shown in milliseconds. */
    Distribution flushTimes() {
        return metrics.distribution(FLUSHES, "Time that flushes of logs take, milliseconds", Labels.NONE, 1e-6);
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
        Labels labels = labels(log.topicPartition());
        metrics.gauge(SIZE, "Bytes in all segments of the log", labels, log::sizeBytes);
        metrics.gauge(START, "First offset of the log", labels, log::logStartOffset);
        metrics.gauge(END, "Offset that the next record gets", labels, log::logEndOffset);
        metrics.gauge(SEGMENTS, "Segments of the log", labels, log::segments);
    }

    void remove(TopicPartition partition) {
        Labels labels = labels(partition);
        for (String name : List.of(SIZE, START, END, SEGMENTS)) {
            metrics.remove(name, labels);
        }
    }

    private static Labels labels(TopicPartition partition) {
        return Labels.of("partition", Integer.toString(partition.partition()), "topic", partition.topic());
    }
}
