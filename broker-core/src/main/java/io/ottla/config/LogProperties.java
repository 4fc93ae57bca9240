package io.ottla.config;

import java.nio.file.Path;
import java.util.List;

/**
 * What the broker itself, not a topic, sets for its logs. Immutable.
 *
 * @param logDirs {@code log.dirs} (or {@code log.dir}): the folders that partitions' folders lie in; 1 or more
 * @param recoveryThreadsPerDataDir {@code num.recovery.threads.per.data.dir}: logs of one folder that are opened,
 *     recovered and flushed at stop at once; 1 or more
 * @param flushSchedulerIntervalMs {@code log.flush.scheduler.interval.ms}: how often {@code flush.ms} is looked after;
 *     1 or more, {@link Long#MAX_VALUE} for never
 * @param flushOffsetCheckpointIntervalMs {@code log.flush.offset.checkpoint.interval.ms}: how often recovery points
 *     are written; 0 or more
 * @param flushStartOffsetCheckpointIntervalMs {@code log.flush.start.offset.checkpoint.interval.ms}: how often log
 *     starts are written; 0 or more
 * @param highWatermarkCheckpointIntervalMs {@code replica.high.watermark.checkpoint.interval.ms}: how often high
 *     watermarks are written; 1 or more
 * @param retentionCheckIntervalMs {@code log.retention.check.interval.ms}: how often logs are searched for what may be
 *     deleted; 1 or more
 * @param initialTaskDelayMs {@code log.initial.task.delay.ms}: from start to the first of these tasks; 0 or more
 * @param producers what is remembered of producers
 * @param scrubIntervalMs {@code log.scrub.interval.ms}: from the end of one reading through all logs to the next; 0 or more,
 *     or -1 for never
 * @param scrubIoMaxBytesPerSecond {@code log.scrub.io.max.bytes.per.second}: how fast that goes, in each folder; 1 or more
 * @param cleaner how logs are compacted
 * @param moves how logs are moved between folders
 * @param tailWindowBytesPerLog how many of the bytes appended last to one log count as surely in the page cache; ours,
 *     no key of Kafka's
 * @param tailWindowBytesPerFolder the same for all logs of a folder together
 */
public record LogProperties(
        List<Path> logDirs,
        int recoveryThreadsPerDataDir,
        long flushSchedulerIntervalMs,
        long flushOffsetCheckpointIntervalMs,
        long flushStartOffsetCheckpointIntervalMs,
        long highWatermarkCheckpointIntervalMs,
        long retentionCheckIntervalMs,
        long initialTaskDelayMs,
        ProducerStateProperties producers,
        long scrubIntervalMs,
        long scrubIoMaxBytesPerSecond,
        CleanerProperties cleaner,
        MoveProperties moves,
        long tailWindowBytesPerLog,
        long tailWindowBytesPerFolder) {

    /** Kafka 3.9's defaults, but for the folder, which is {@code ./data/logs}, and what is our own. */
    public static final LogProperties DEFAULTS = new LogProperties(
            List.of(Path.of("data", "logs")),
            1,
            Long.MAX_VALUE,
            60_000,
            60_000,
            5_000,
            300_000,
            30_000,
            ProducerStateProperties.DEFAULTS,
            604_800_000,
            8L << 20,
            CleanerProperties.DEFAULTS,
            MoveProperties.DEFAULTS,
            16L << 20,
            256L << 20);

    public LogProperties {
        logDirs = List.copyOf(logDirs);
        if (logDirs.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one folder in log.dirs, but it is empty");
        }
    }

    /** The same with other folders. */
    public LogProperties withLogDirs(List<Path> folders) {
        return with(folders, producers, cleaner, moves, scrubIntervalMs, scrubIoMaxBytesPerSecond);
    }

    /** The same with producers remembered in another way. */
    public LogProperties withProducers(ProducerStateProperties changed) {
        return with(logDirs, changed, cleaner, moves, scrubIntervalMs, scrubIoMaxBytesPerSecond);
    }

    /** The same with logs compacted in another way. */
    public LogProperties withCleaner(CleanerProperties changed) {
        return with(logDirs, producers, changed, moves, scrubIntervalMs, scrubIoMaxBytesPerSecond);
    }

    /** The same with logs moved in another way. */
    public LogProperties withMoves(MoveProperties changed) {
        return with(logDirs, producers, cleaner, changed, scrubIntervalMs, scrubIoMaxBytesPerSecond);
    }

    /** The same with logs read through so often, so fast. */
    public LogProperties withScrubbing(long intervalMs, long bytesPerSecond) {
        return with(logDirs, producers, cleaner, moves, intervalMs, bytesPerSecond);
    }

    private LogProperties with(
            List<Path> folders,
            ProducerStateProperties otherProducers,
            CleanerProperties otherCleaner,
            MoveProperties otherMoves,
            long scrubMs,
            long scrubBytesPerSecond) {
        return new LogProperties(
                folders,
                recoveryThreadsPerDataDir,
                flushSchedulerIntervalMs,
                flushOffsetCheckpointIntervalMs,
                flushStartOffsetCheckpointIntervalMs,
                highWatermarkCheckpointIntervalMs,
                retentionCheckIntervalMs,
                initialTaskDelayMs,
                otherProducers,
                scrubMs,
                scrubBytesPerSecond,
                otherCleaner,
                otherMoves,
                tailWindowBytesPerLog,
                tailWindowBytesPerFolder);
    }

    /** As a broker is configured. */
    static LogProperties of(List<Path> logDirs, ConfigValues values) {
        return new LogProperties(
                logDirs,
                values.integer("num.recovery.threads.per.data.dir"),
                values.number("log.flush.scheduler.interval.ms"),
                values.number("log.flush.offset.checkpoint.interval.ms"),
                values.number("log.flush.start.offset.checkpoint.interval.ms"),
                values.number("replica.high.watermark.checkpoint.interval.ms"),
                values.number("log.retention.check.interval.ms"),
                values.number("log.initial.task.delay.ms"),
                ProducerStateProperties.of(values),
                values.number("log.scrub.interval.ms"),
                values.number("log.scrub.io.max.bytes.per.second"),
                CleanerProperties.of(values),
                MoveProperties.of(logDirs.size(), values),
                DEFAULTS.tailWindowBytesPerLog(),
                DEFAULTS.tailWindowBytesPerFolder());
    }
}
