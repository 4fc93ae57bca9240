package io.ottla.storage;

import io.ottla.config.LogProperties;
import io.ottla.config.TopicProperties;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a partition's folder, after a clean stop without looking into any segment but the active one. Blocks. */
final class LogOpener {
    private static final Logger LOG = LoggerFactory.getLogger(LogOpener.class);
    /** What stands beside a segment's batches when those before it are on disk: see {@link LogSegment#isAlone}. */
    private static final List<String> COMPANIONS =
            List.of(SegmentFiles.OFFSET_INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.SNAPSHOT);

    /**
     * What is known of a log from the folder's checkpoints.
     *
     * @param clean whether the folder was closed properly: its files can be trusted
     * @param recoveryPoint 0 where unknown
     * @param highWatermark 0 where unknown
     * @param logStart 0 where unknown
     * @param cleanedTo up to where it is compacted; -1 where it never was
     */
    record Known(boolean clean, long recoveryPoint, long highWatermark, long logStart, long cleanedTo) {
        static final Known NOTHING = new Known(false, 0, 0, 0);

        /** Up to where (exclusive) all was written whole, as far as is known: committed, or on disk. */
        long committed() {
            return Math.max(recoveryPoint, highWatermark);
        }

        Known(boolean clean, long recoveryPoint, long highWatermark, long logStart) {
            this(clean, recoveryPoint, highWatermark, logStart, -1);
        }
    }

    private final DiskFolder folder;
    private final Disk disk;
    private final LogProperties settings;
    private final RandomGenerator random;

    LogOpener(DiskFolder folder, LogProperties settings, RandomGenerator random) {
        this(folder, folder.disk(), settings, random);
    }

    /** @param disk the folder's, as the log is to see it */
    LogOpener(DiskFolder folder, Disk disk, LogProperties settings, RandomGenerator random) {
        this.folder = folder;
        this.disk = disk;
        this.settings = settings;
        this.random = random;
    }

    /** Opens what lies in the folder, or begins a log in it where it is empty. */
    SegmentedLog open(
            TopicPartition partition, Path path, TopicProperties properties, Known known, RecoveryProgress progress)
            throws IOException {
        return new SegmentedLog(files(partition, path, properties, known, progress));
    }

    /** As {@link #open}, the files alone. */
    LogState files(
            TopicPartition partition, Path path, TopicProperties properties, Known known, RecoveryProgress progress)
            throws IOException {
        InterruptedCleaning.finish(disk, path);
        Map<String, Long> sizes = clear(path);
        LogState log = new LogState(
                partition,
                path,
                folder,
                disk,
                settings,
                random,
                new ProducerSnapshots(disk, path, offsets(sizes, SegmentFiles.SNAPSHOT)),
                properties,
                PartitionMetadataFile.read(disk, path));
        log.segments = segments(log, sizes, known.logStart);
        boolean epochsKnown = log.epochs.load();
        log.recoveryPoint = known.recoveryPoint;
        long readFrom = LogRecovery.recover(log, known, progress);
        repairTransactions(log, sizes, readFrom);
        settleOffsets(log, known);
        if (!epochsKnown) {
            LogRecovery.rebuildEpochs(log);
        }
        log.epochs.truncateFromStart(log.logStart);
        log.epochs.write();
        ProducerReplay.reload(log);
        return log;
    }

    /** Where a segment has lost its indexes, the one of transactions may be gone too. Those read just now are whole. */
    private static void repairTransactions(LogState log, Map<String, Long> sizes, long readFrom) throws IOException {
        LogSegment[] segments = log.segments;
        for (int i = 0; i < segments.length && segments[i].baseOffset() < readFrom; i++) {
            String index = SegmentFiles.name(segments[i].baseOffset(), SegmentFiles.OFFSET_INDEX);
            if (segments[i].bytes() > 0 && !sizes.containsKey(index)) {
                TransactionRepair.makeGood(log, segments, i);
            }
        }
    }

    /** A log that is new. */
    SegmentedLog create(TopicPartition partition, Path path, TopicProperties properties, TopicId topicId)
            throws IOException {
        disk.createFolder(path);
        if (!topicId.isZero()) {
            PartitionMetadataFile.write(disk, path, topicId);
        }
        return open(partition, path, properties, new Known(true, 0, 0, 0), RecoveryProgress.NONE);
    }

    private static void settleOffsets(LogState log, Known known) {
        long first = log.segments[0].baseOffset();
        long end = log.end.offset();
        if (known.logStart > end) {
            LOG.error(
                    "Expected the log start of {} at or below its end {}, but the checkpoint says {}. It is not used",
                    log.topicPartition,
                    end,
                    known.logStart);
            log.logStart = first;
        } else {
            log.logStart = Math.max(first, known.logStart);
        }
        log.lacksCommitted = known.highWatermark > end;
        log.highWatermark = Math.max(log.logStart, Math.min(known.highWatermark, end));
        log.recoveryPoint = Math.min(log.recoveryPoint, end);
        log.cleanedTo = known.cleanedTo > end ? -1 : known.cleanedTo; // beyond: of another log
    }

    /** Deletes what was on its way out; the bytes of all other files, by name. */
    private Map<String, Long> clear(Path path) throws IOException {
        Map<String, Long> sizes = new HashMap<>();
        for (Disk.Entry entry : disk.list(path)) {
            String name = entry.path().getFileName().toString();
            if (!entry.folder() && name.endsWith(SegmentFiles.DELETED)) {
                disk.delete(entry.path());
            } else if (!entry.folder()) {
                sizes.put(name, entry.bytes());
            }
        }
        boolean orphans = false;
        for (String suffix :
                List.of(SegmentFiles.OFFSET_INDEX, SegmentFiles.TIME_INDEX, SegmentFiles.TRANSACTION_INDEX)) {
            for (long offset : offsets(sizes, suffix)) {
                if (!sizes.containsKey(SegmentFiles.name(offset, SegmentFiles.LOG))) {
                    Path file = SegmentFiles.file(path, offset, suffix);
                    LOG.warn("Deleting {}: there is no segment that it is an index of", file);
                    disk.delete(file);
                    orphans = true;
                }
            }
        }
        if (orphans) {
            disk.syncFolder(path); // none comes back beside a segment that is begun later
        }
        return sizes;
    }

    private static List<Long> offsets(Map<String, Long> sizes, String suffix) {
        List<Long> offsets = new ArrayList<>();
        for (String name : sizes.keySet()) {
            OptionalLong offset = SegmentFiles.offset(Path.of(name), suffix);
            if (offset.isPresent()) {
                offsets.add(offset.getAsLong());
            }
        }
        return offsets;
    }

    private LogSegment[] segments(LogState log, Map<String, Long> sizes, long logStart) throws IOException {
        TreeMap<Long, LogSegment> found = new TreeMap<>();
        for (long offset : offsets(sizes, SegmentFiles.LOG)) {
            long bytes = size(sizes, offset, SegmentFiles.LOG);
            if (bytes > Integer.MAX_VALUE) {
                throw new IOException("Expected at most " + Integer.MAX_VALUE + " bytes in "
                        + SegmentFiles.file(log.path, offset, SegmentFiles.LOG) + ", but it has " + bytes);
            }
            long indexBytes = size(sizes, offset, SegmentFiles.OFFSET_INDEX);
            long timeBytes = size(sizes, offset, SegmentFiles.TIME_INDEX);
            LogSegment.Files files = new LogSegment.Files(
                    (int) bytes,
                    (int) (indexBytes / OffsetIndex.ENTRY_BYTES),
                    (int) (timeBytes / TimeIndex.ENTRY_BYTES),
                    COMPANIONS.stream().noneMatch(suffix -> sizes.containsKey(SegmentFiles.name(offset, suffix))));
            found.put(offset, new LogSegment(log.place(), offset, files, log.life((int) bytes)));
        }
        if (found.isEmpty()) {
            return new LogSegment[] {Segments.create(log, logStart)};
        }
        return found.values().toArray(LogSegment[]::new);
    }

    private static long size(Map<String, Long> sizes, long offset, String suffix) {
        return sizes.getOrDefault(SegmentFiles.name(offset, suffix), 0L);
    }
}
