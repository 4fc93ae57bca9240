package io.ottla.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts a compacted segment in the place of those that it was made of, so that after a crash at any moment the log has
 * either them or it. In Kafka's steps, each on disk before the next, and {@link InterruptedCleaning} goes on from any:
 *
 * <ol>
 *   <li>{@code .cleaned}: it is being written; does not count.
 *   <li>{@code .swap}: it is whole, and counts.
 *   <li>What it replaces is renamed to {@code .deleted}.
 *   <li>It gets the names of a segment, batches first.
 * </ol>
 *
 * Readers that have found an old segment go on in it; it is closed and deleted later. Blocks; takes the flush lock.
 */
final class SegmentSwap {
    /** What became of a swap. */
    enum Outcome {
        DONE,
        /** Segments are no longer part of the log: retention was there first. */
        GONE,
        /** The log was cut, closed or deleted, is being moved, or its folder failed. */
        ENDED
    }

    private final LogState log;
    private final SegmentDeletion deletion;

    SegmentSwap(LogState log, SegmentDeletion deletion) {
        this.log = log;
        this.deletion = deletion;
    }

    /** A new segment that does not count yet; null where the log has ended. */
    LogSegment begin(long baseOffset) throws IOException {
        LogSegment.Place place = log.place().with(SegmentFiles.CLEANED);
        log.flushLock.lock();
        try {
            if (!log.isUsable()) {
                return null;
            }
            delete(place, baseOffset);
            LogSegment segment = LogSegment.begin(
                    place,
                    baseOffset,
                    log.disk.open(
                            place.file(baseOffset, SegmentFiles.LOG),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE),
                    log.lifeOutsideOfTail());
            segment.openForReaders();
            return segment;
        } finally {
            log.flushLock.unlock();
        }
    }

    private void delete(LogSegment.Place place, long baseOffset) throws IOException {
        for (String kind : LogSegment.suffixes()) {
            log.disk.delete(place.file(baseOffset, kind));
        }
    }

    /** Gives up a segment that {@link #begin} made. */
    void discard(LogSegment cleaned) throws IOException {
        log.flushLock.lock();
        try {
            if (log.isUsable()) {
                delete(log.place().with(SegmentFiles.CLEANED), cleaned.baseOffset());
            }
        } finally {
            log.flushLock.unlock();
            cleaned.release();
        }
    }

    /**
     * Swaps. Unless it is done, the new segment is discarded.
     *
     * @param old neighbours, held by the caller
     * @param truncations of the log, when it was found that they may be compacted
     */
    Outcome swap(List<LogSegment> old, LogSegment cleaned, int truncations) throws IOException {
        Outcome outcome = Outcome.ENDED;
        try {
            cleaned.channel().force(true); // at length, and nobody waits for it
            for (LogSegment segment : old) {
                segment.openForReaders();
            }
            log.flushLock.lock();
            try {
                outcome = judge(old, truncations);
                if (outcome == Outcome.DONE) {
                    replace(old, cleaned);
                }
            } finally {
                log.flushLock.unlock();
            }
        } finally {
            if (outcome != Outcome.DONE) {
                discard(cleaned);
            }
        }
        return outcome;
    }

    private Outcome judge(List<LogSegment> old, int truncations) {
        if (!log.isUsable() || log.isKeptWhole || truncations != log.truncations) {
            return Outcome.ENDED;
        }
        int first = Arrays.asList(log.segments).indexOf(old.getFirst());
        return first >= 0 ? Outcome.DONE : Outcome.GONE;
    }

    private void replace(List<LogSegment> old, LogSegment cleaned) throws IOException {
        LogSegment.Place place = log.place();
        LogSegment.Place cleanedPlace = place.with(SegmentFiles.CLEANED);
        LogSegment.Place swapPlace = place.with(SegmentFiles.SWAP);
        long base = cleaned.baseOffset();
        long modifiedMs = old.getLast().lastModifiedMs();
        cleaned.seal();
        log.disk.setLastModifiedMs(cleanedPlace.file(base, SegmentFiles.LOG), modifiedMs);
        for (String kind : LogSegment.suffixes()) {
            move(cleanedPlace.file(base, kind), swapPlace.file(base, kind));
        }
        log.disk.syncFolder(log.path);
        deletion.delete(old);
        move(swapPlace.file(base, SegmentFiles.LOG), place.file(base, SegmentFiles.LOG));
        log.disk.syncFolder(log.path);
        for (String kind : LogSegment.suffixes()) {
            move(swapPlace.file(base, kind), place.file(base, kind));
        }
        log.disk.syncFolder(log.path);
        publish(old, LogSegment.renamed(place, cleaned, log.lifeOutsideOfTail()));
        cleaned.release();
        for (LogSegment segment : old.subList(1, old.size())) {
            log.snapshots.delete(segment.baseOffset());
        }
    }

    private void move(Path from, Path to) throws IOException {
        if (log.disk.exists(from)) {
            log.disk.move(from, to);
        }
    }

    private void publish(List<LogSegment> old, LogSegment fresh) {
        log.writeLock.lock();
        try {
            List<LogSegment> now = new ArrayList<>(Arrays.asList(log.segments));
            int at = now.indexOf(old.getFirst());
            now.subList(at, at + old.size()).clear();
            now.add(at, fresh);
            log.segments = now.toArray(LogSegment[]::new);
        } finally {
            log.writeLock.unlock();
        }
    }
}
