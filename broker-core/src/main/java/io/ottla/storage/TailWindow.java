package io.ottla.storage;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which end of a log is surely in the page cache: what was appended lately by this process, bounded per log and, over
 * all its logs, per folder. Counts bytes from 0 at opening. One writer; readers of any thread, without a lock.
 */
final class TailWindow {
    private static final int MARKS = 32;
    private static final int FIELDS = 3;

    private final long bytesPerLog;
    private final long bytesPerFolder;
    private final AtomicLong folderBytes;
    /** Triples (bytes of the log, bytes of the folder, offset), oldest first, of places where appends began. */
    private volatile long[] marks = {};

    private volatile long logBytes;

    /** @param folderBytes appended to all logs of the folder so far; shared by its logs */
    TailWindow(long bytesPerLog, long bytesPerFolder, AtomicLong folderBytes) {
        this.bytesPerLog = bytesPerLog;
        this.bytesPerFolder = bytesPerFolder;
        this.folderBytes = folderBytes;
    }

    /** Bytes appended by this process. */
    long logBytes() {
        return logBytes;
    }

    /** Notes an append. Writer only. */
    void appended(int bytes, long firstOffset) {
        long log = logBytes;
        long folder = folderBytes.getAndAdd(bytes);
        long[] now = marks;
        int last = now.length - FIELDS;
        if (last < 0 || log - now[last] >= bytesPerLog / MARKS || folder - now[last + 1] >= bytesPerFolder / MARKS) {
            int drop = now.length >= FIELDS * (MARKS + 2) ? FIELDS : 0;
            long[] next = Arrays.copyOfRange(now, drop, now.length + FIELDS);
            next[next.length - 3] = log;
            next[next.length - 2] = folder;
            next[next.length - 1] = firstOffset;
            marks = next;
        }
        logBytes = log + bytes;
    }

    /** Forgets all: the log was cut. Writer only. */
    void clear() {
        marks = new long[0];
    }

    /** The place from which on bytes are in the window; past every byte where none is. */
    long hotFromBytes() {
        return hotFrom(0);
    }

    /** The offset from which on batches are in the window; past every offset where none is. */
    long hotFromOffset() {
        return hotFrom(2);
    }

    private long hotFrom(int field) {
        long[] now = marks;
        long log = logBytes;
        long folder = folderBytes.get();
        for (int i = 0; i < now.length; i += FIELDS) {
            if (log - now[i] <= bytesPerLog && folder - now[i + 1] <= bytesPerFolder) {
                return now[i + field];
            }
        }
        return Long.MAX_VALUE;
    }
}
