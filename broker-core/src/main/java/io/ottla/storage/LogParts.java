package io.ottla.storage;

import java.io.IOException;

/** Who works on one set of files. */
final class LogParts {
    final LogState log;
    final LogReader reader;
    final TimestampSearch search;
    final LogFlush flush;
    final SpareFile spare;
    final LogWriter writer;
    final LogTruncation truncation;
    final Retention retention;
    final LogCompaction compaction;

    LogParts(LogState log, SegmentedLog face) {
        this.log = log;
        this.reader = new LogReader(log);
        this.search = new TimestampSearch(log);
        this.flush = new LogFlush(log, face);
        this.spare = new SpareFile(log);
        this.writer = new LogWriter(log, flush, spare);
        SegmentDeletion deletion = new SegmentDeletion(log);
        this.truncation = new LogTruncation(log, deletion);
        this.retention = new Retention(log, writer, deletion);
        this.compaction = new LogCompaction(log, flush, writer, deletion, () -> face.suspect(log.logStart));
    }

    /** Brings everything to disk and closes all files. Blocks. */
    void close() throws IOException {
        if (!log.closed) {
            try {
                flush.finish();
            } finally {
                letGo();
            }
        }
    }

    /** Closes files without bringing anything to disk. Blocks. */
    void abandon() throws IOException {
        log.flushLock.lock();
        log.writeLock.lock();
        try {
            if (log.closed) {
                return;
            }
            log.closed = true;
        } finally {
            log.writeLock.unlock();
            log.flushLock.unlock();
        }
        letGo();
    }

    /** Lets go of the files of a log that is closed: each segment's when its last reader has. Blocks. */
    void letGo() throws IOException {
        try {
            spare.drop();
        } finally {
            for (LogSegment segment : log.segments) {
                segment.release();
            }
        }
    }
}
