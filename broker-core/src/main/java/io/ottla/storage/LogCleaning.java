package io.ottla.storage;

import io.ottla.config.CleanerProperties;
import io.ottla.record.CorruptRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One pass of compaction over one log, step by step: first the keys of what was not compacted yet are learned, as many as
 * there is room for; then all segments up to there are written anew, group by group, the oldest first. Used by one thread
 * at a time.
 *
 * <p>Because the oldest go first, what a tombstone deletes is gone from disk before the tombstone gets its delete horizon.
 */
final class LogCleaning implements AutoCloseable {
    /** A group is not begun, nor gone on with, where the file system has less room than this left. */
    private static final long LEAST_FREE_BYTES = 16 << 20;

    /** What a cleaner thread has for it. */
    record Means(long mapBytes, double loadFactor, int bufferBytes, RandomGenerator random) {
        static Means of(CleanerProperties properties, RandomGenerator random) {
            int threads = Math.max(1, properties.threads());
            return new Means(
                    properties.dedupeBufferBytes() / threads,
                    Math.clamp(properties.loadFactor(), 0.05, 1.0),
                    properties.ioBufferBytes() / threads,
                    random);
        }
    }

    /** How far it is. */
    enum Progress {
        GOING_ON,
        DONE,
        /** Given up: the log was cut, closed, deleted, is moved or compacted no more, retention was there first, or the disk is full. */
        GIVEN_UP
    }

    private final LogState log;
    private final LogCompaction compaction;
    private final SegmentSwap swap;
    private final List<LogSegment> chosen;
    private final CleanableStretch stretch;
    private final LastOfProducers lasts;
    private final int truncations;
    private final Means means;
    private final long nowMs;
    private final int maxRecordBytes;
    private final KeyLearning learning;
    private BatchCleaner cleaner;
    private List<List<SegmentGroups.Member>> groups;
    private int group;
    private List<LogSegment> held = List.of();
    private LogSegment target;
    private GroupCleaning cleaning;
    private boolean isGone;
    private String fullDisk = "";
    private long end;
    private long bytesRead;
    private long bytesWritten;

    LogCleaning(
            LogState log,
            LogCompaction compaction,
            SegmentSwap swap,
            List<LogSegment> chosen,
            CleanableStretch stretch,
            LastOfProducers lasts,
            int truncations,
            Means means)
            throws IOException {
        this.log = log;
        this.compaction = compaction;
        this.swap = swap;
        this.chosen = chosen;
        this.stretch = stretch;
        this.lasts = lasts;
        this.truncations = truncations;
        this.means = means;
        this.nowMs = log.folder.clock().wallMs();
        this.maxRecordBytes = log.properties.maxDecompressedMessageBytes();
        this.learning = new KeyLearning(chosen, stretch, aborted(stretch.firstDirty()), means, maxRecordBytes);
    }

    /** Aborted transactions with a batch below where the pass ends, and a marker at or past the offset. */
    private List<TransactionIndex.Entry> aborted(long from) throws IOException {
        List<TransactionIndex.Entry> found = new ArrayList<>();
        LogSegment[] segments = log.segments;
        for (int i = LogState.floor(segments, from); i < segments.length; i++) {
            for (TransactionIndex.Entry entry : TransactionRepair.entries(log, segments, i)) {
                if (entry.lastOffset() >= from && entry.firstOffset() < stretch.upTo()) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /**
     * Goes on by about so many bytes.
     *
     * @throws CorruptSegmentException where the log can't be compacted
     * @throws CorruptRecords the same
     */
    Progress step(int aboutBytes) throws IOException {
        try {
            return isHopeless() ? Progress.GIVEN_UP : advance(aboutBytes);
        } catch (CorruptSegmentException | CorruptRecords e) {
            if (isHopeless()) {
                return Progress.GIVEN_UP; // batches were cut while they were read
            }
            throw e;
        }
    }

    private boolean isHopeless() {
        return !log.isUsable() || log.isKeptWhole || !log.properties.compact() || log.isCutSince(truncations);
    }

    private Progress advance(int aboutBytes) throws IOException {
        long before = bytesMoved();
        while (bytesMoved() - before < aboutBytes) {
            if (groups == null) {
                learn();
            } else if (group == groups.size()) {
                return finish();
            } else if (!(cleaning == null ? beginGroup() : clean())) {
                return Progress.GIVEN_UP;
            }
        }
        return Progress.GOING_ON;
    }

    private void learn() throws IOException {
        int bytes = learning.next();
        if (bytes >= 0) {
            bytesRead += bytes;
            return;
        }
        end = learning.end();
        cleaner = new BatchCleaner(new BatchCleaner.Rules(
                learning.keys(),
                new CleanedTransactions(aborted(0)),
                lasts,
                end,
                nowMs,
                log.properties.deleteRetentionMs(),
                maxRecordBytes));
        List<SegmentGroups.Member> members = new ArrayList<>();
        for (int i = 0; i < chosen.size() && chosen.get(i).baseOffset() < end; i++) {
            LogSegment segment = chosen.get(i);
            members.add(new SegmentGroups.Member(
                    segment,
                    segment.baseOffset(),
                    i + 1 < chosen.size() ? chosen.get(i + 1).baseOffset() : stretch.upTo(),
                    segment.bytes(),
                    Math.max(
                            (long) segment.offsetIndex().entries() * OffsetIndex.ENTRY_BYTES,
                            (long) segment.timeIndex().entries() * TimeIndex.ENTRY_BYTES)));
        }
        groups = SegmentGroups.of(members, log.properties.segmentBytes(), log.properties.segmentIndexBytes());
    }

    /** False where the log has ended, or there is no room. */
    private boolean beginGroup() throws IOException {
        List<LogSegment> segments =
                groups.get(group).stream().map(SegmentGroups.Member::segment).toList();
        List<LogSegment> acquired = new ArrayList<>();
        for (LogSegment segment : segments) {
            if (segment.acquire()) {
                acquired.add(segment);
            }
        }
        held = acquired;
        if (acquired.size() < segments.size()) {
            isGone = true;
            endGroup();
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        target = swap.begin(segments.getFirst().baseOffset());
        if (target == null) {
            return false;
        }
        cleaning = new GroupCleaning(segments, target, cleaner, means.bufferBytes);
        return true;
    }

    private boolean hasRoom() throws IOException {
        long free = log.disk.usableBytes(log.path);
        if (free < LEAST_FREE_BYTES) {
            fullDisk = "its file system has " + free + " bytes left";
            return false;
        }
        return true;
    }

    private boolean clean() throws IOException {
        long writtenBefore = cleaning.bytesWritten();
        int bytes = cleaning.next();
        long written = cleaning.bytesWritten() - writtenBefore;
        bytesWritten += written;
        if (bytes >= 0) {
            bytesRead += bytes;
            return written == 0 || hasRoom();
        }
        LogSegment done = target;
        target = null;
        if (!cleaning.isChanged()) {
            swap.discard(done);
            endGroup();
            return true;
        }
        return swapIn(done);
    }

    private boolean swapIn(LogSegment done) throws IOException {
        switch (swap.swap(held, done, truncations)) {
            case DONE -> endGroup();
            case GONE -> {
                isGone = true;
                endGroup();
            }
            case ENDED -> {
                return false;
            }
        }
        return true;
    }

    private void endGroup() {
        held.forEach(LogSegment::release);
        held = List.of();
        cleaning = null;
        group++;
    }

    private Progress finish() {
        if (isGone) {
            return Progress.GIVEN_UP; // what stands in the segments that were left out is not compacted
        }
        return compaction.done(Math.max(end, stretch.firstDirty()), cleaner.earliestHorizonMs(), truncations)
                ? Progress.DONE
                : Progress.GIVEN_UP;
    }

    /** All that was read and written so far. */
    long bytesMoved() {
        return bytesRead + bytesWritten;
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    /** Share of the memory for the map of keys that is in use. */
    double mapUtilization() {
        return learning.keys().utilization();
    }

    /** Why it was given up for a reason that people should know of; empty where there is none. */
    String fullDisk() {
        return fullDisk;
    }

    /** Up to where the log is compacted now. */
    long end() {
        return end;
    }

    /** Gives everything back; what was not finished is gone. Blocks. */
    @Override
    public void close() throws IOException {
        learning.close();
        try {
            if (target != null) {
                LogSegment unfinished = target;
                target = null;
                swap.discard(unfinished);
            }
        } finally {
            held.forEach(LogSegment::release);
            held = List.of();
        }
    }
}
