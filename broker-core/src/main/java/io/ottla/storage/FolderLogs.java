package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.metrics.Metrics;
import io.ottla.time.RepeatedTask;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log folder's logs, its checkpoints, and what is done to them from time to time. Thread-safe. */
final class FolderLogs {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLogs.class);

    private final DiskFolder folder;
    private final Supplier<LogProperties> settings;
    private final Map<TopicPartition, SegmentedLog> logs = new ConcurrentHashMap<>();
    private final AtomicInteger coming = new AtomicInteger();
    private final OffsetCheckpoint recoveryPoints;
    private final OffsetCheckpoint highWatermarks;
    private final OffsetCheckpoint logStarts;
    private final OffsetCheckpoint cleaned;
    private final Object cleanedLock = new Object();
    private final List<RepeatedTask> tasks = new ArrayList<>();
    private final LogScrubber scrubber;

    /** @param settings as they are at the moment */
    FolderLogs(DiskFolder folder, Supplier<LogProperties> settings, RandomGenerator random, Metrics metrics) {
        this.folder = folder;
        this.settings = settings;
        this.scrubber = new LogScrubber(folder, this::all, settings, random, metrics);
        this.recoveryPoints = new OffsetCheckpoint(folder.disk(), folder.path(), OffsetCheckpoint.RECOVERY_POINT);
        this.highWatermarks = new OffsetCheckpoint(folder.disk(), folder.path(), OffsetCheckpoint.HIGH_WATERMARK);
        this.logStarts = new OffsetCheckpoint(folder.disk(), folder.path(), OffsetCheckpoint.LOG_START);
        this.cleaned = new OffsetCheckpoint(folder.disk(), folder.path(), OffsetCheckpoint.CLEANED);
        folder.lookThroughSoonBy(scrubber::lookSoonAt);
        folder.keepCleanedOffsetsBy(this::writeCleanedOffsets);
        folder.keepLogStartsBy(new SharedWrite(folder.background(), this::writeLogStarts));
    }

    DiskFolder folder() {
        return folder;
    }

    void add(SegmentedLog log) {
        logs.put(log.topicPartition(), log);
    }

    void remove(TopicPartition partition) {
        logs.remove(partition);
    }

    List<SegmentedLog> all() {
        return List.copyOf(logs.values());
    }

    /** But for one that is just coming, or has just gone: what is said of its files is said of others. */
    List<SegmentedLog> lying() {
        return logs.values().stream().filter(log -> log.folder() == folder).toList();
    }

    /** Logs here, and those that are being made here. */
    int count() {
        return logs.size() + coming.get();
    }

    /** A log is going to be made here; its maker says when that is over. */
    void expect() {
        coming.incrementAndGet();
    }

    void expectNoMore() {
        coming.decrementAndGet();
    }

    /** What the checkpoints say, by partition. */
    Map<TopicPartition, LogOpener.Known> known(boolean clean) throws IOException {
        Map<TopicPartition, Long> recovered = recoveryPoints.read();
        Map<TopicPartition, Long> watermarks = highWatermarks.read();
        Map<TopicPartition, Long> starts = logStarts.read();
        Map<TopicPartition, Long> cleanedTo = cleaned.read();
        Map<TopicPartition, LogOpener.Known> known = new HashMap<>();
        for (Map<TopicPartition, Long> each : List.of(recovered, watermarks, starts, cleanedTo)) {
            for (TopicPartition partition : each.keySet()) {
                known.put(
                        partition,
                        new LogOpener.Known(
                                clean,
                                recovered.getOrDefault(partition, 0L),
                                watermarks.getOrDefault(partition, 0L),
                                starts.getOrDefault(partition, 0L),
                                cleanedTo.getOrDefault(partition, -1L)));
            }
        }
        return known;
    }

    /** What DescribeLogDirs shows of it. Asks the file system. */
    FolderView view() {
        Path path = folder.path();
        if (!folder.isOnline()) {
            return new FolderView(path, false, -1, -1, List.of());
        }
        List<FolderView.LogView> views = new ArrayList<>();
        logs.forEach((partition, log) -> views.add(new FolderView.LogView(partition, log.sizeBytes())));
        try {
            return new FolderView(
                    path, true, folder.disk().totalBytes(path), folder.disk().usableBytes(path), views);
        } catch (IOException e) {
            LOG.warn("Could not ask for the free bytes of {}", path, e);
            return new FolderView(path, true, -1, -1, views);
        }
    }

    void writeRecoveryPoints() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        lying().forEach(log -> offsets.put(log.topicPartition(), log.recoveryPoint()));
        write(recoveryPoints, offsets);
    }

    void writeHighWatermarks() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        logs.forEach((partition, log) -> offsets.put(partition, log.highWatermark()));
        write(highWatermarks, offsets);
    }

    /** Only starts that the segments' names don't tell. */
    void writeLogStarts() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        logs.forEach((partition, log) -> {
            if (log.logStartOffset() > log.firstSegmentOffset()) {
                offsets.put(partition, log.logStartOffset());
            }
        });
        write(logStarts, offsets);
    }

    /** One after the other, each with what holds then: a smaller offset must not be overwritten with an older one. */
    void writeCleanedOffsets() {
        synchronized (cleanedLock) {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (SegmentedLog log : lying()) {
                if (log.cleanedTo() >= 0) {
                    offsets.put(log.topicPartition(), log.cleanedTo());
                }
            }
            write(cleaned, offsets);
        }
    }

    /** After it was {@link #remove removed} and before its name is free: it must not be taken for that of the next log. */
    void forgetCleanedOffset(SegmentedLog log) {
        if (log.cleanedTo() >= 0) {
            writeCleanedOffsets();
        }
    }

    private void write(OffsetCheckpoint checkpoint, Map<TopicPartition, Long> offsets) {
        if (!folder.isOnline()) {
            return;
        }
        try {
            checkpoint.write(offsets);
        } catch (IOException e) {
            folder.fail("Writing a checkpoint", e);
        }
    }

    /** Begins with what is done from time to time. */
    void startTasks() {
        LogProperties now = settings.get();
        every(now.retentionCheckIntervalMs(), now, () -> logs.values().forEach(SegmentedLog::retain));
        every(now.flushSchedulerIntervalMs(), now, () -> {
            long nowMs = folder.clock().monotonicMs();
            logs.values().forEach(log -> log.flushIfDue(nowMs));
        });
        every(now.flushOffsetCheckpointIntervalMs(), now, this::writeRecoveryPoints);
        every(now.flushStartOffsetCheckpointIntervalMs(), now, this::writeLogStarts);
        every(now.highWatermarkCheckpointIntervalMs(), now, this::writeHighWatermarks);
        every(now.producers().expirationCheckIntervalMs(), now, () -> {
            long nowMs = folder.clock().wallMs();
            int afterMs = settings.get().producers().expirationMs();
            logs.values().forEach(log -> log.expireProducers(nowMs, afterMs));
        });
        scrubber.start(now.initialTaskDelayMs());
    }

    private void every(long periodMs, LogProperties now, Runnable work) {
        RepeatedTask task = new RepeatedTask(folder.timer(), folder.background(), periodMs, work);
        tasks.add(task);
        task.start(now.initialTaskDelayMs());
    }

    void stopTasks() {
        tasks.forEach(RepeatedTask::stop);
        scrubber.stop();
    }

    /** Brings one log to disk and closes it; false where that failed. */
    boolean close(SegmentedLog log) {
        try {
            log.close();
            return true;
        } catch (IOException e) {
            LOG.error("Could not close {}; it will be recovered at the next start", log, e);
            return false;
        }
    }
}
