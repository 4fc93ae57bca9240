package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Looks through all that one log had when this began, step by step, beside those who append, read, compact and delete. Opens
 * each file for itself and closes it behind: a log that nobody reads needs no open files. Blocks; used by one thread at a
 * time.
 */
final class LogCheck implements Closeable {
    private static final int CHUNK_BYTES = 128 << 10;

    private final LogState log;
    private final LogSegment[] segments;
    private final int truncations;
    private int number = -1;
    private FileChannel channel;
    private SegmentCheck check;
    /** Whether a segment is looked through a second time, by the files that it has open itself. */
    private boolean again;

    private long bytesRead;
    private String damage = "";

    LogCheck(LogState log) {
        this.log = log;
        log.writeLock.lock();
        try {
            this.segments = log.segments;
            this.truncations = log.truncations;
        } finally {
            log.writeLock.unlock();
        }
    }

    /**
     * Goes on by about so many bytes.
     *
     * @return whether there is more to look at: no damage was found yet
     */
    boolean step(int aboutBytes) {
        if (!isWhole()) {
            return false;
        }
        try {
            if (check == null && !begin()) {
                return false;
            }
            int before = check.nextPosition();
            boolean more = check.step(aboutBytes);
            bytesRead += check.nextPosition() - before;
            if (!more) {
                ended();
            }
        } catch (NoSuchFileException e) {
            beginAgain(); // renamed, and another one may have taken its place
        } catch (IOException e) {
            giveUp(e);
        }
        return !isDamaged();
    }

    private void ended() throws IOException {
        boolean isSuspect = check.isDamaged();
        boolean isCertain = again;
        String where = "at position " + check.position() + ", behind offset " + (check.nextOffset() - 1);
        close();
        if (isSuspect && isCertain) {
            found("is not as it was written " + where);
        } else if (isSuspect) {
            beginAgain();
        }
    }

    private void giveUp(IOException e) {
        found("can't be read (" + DiskReason.of(e) + ")");
        try {
            close();
        } catch (IOException again) {
            e.addSuppressed(again);
        }
    }

    /** Begins with the next segment that has anything; false where there is none. */
    private boolean begin() throws IOException {
        do {
            number++;
        } while (number < segments.length && segments[number].bytes() == 0);
        if (number == segments.length) {
            return false;
        }
        LogSegment segment = segments[number];
        int bytes = segment.bytes();
        channel = log.disk.open(segment.file(SegmentFiles.LOG), StandardOpenOption.READ);
        BatchScanner scanner = new BatchScanner(channel, 0, bytes, CHUNK_BYTES);
        check = new SegmentCheck(segment, bytes, scanner, DamageSearch.nextBase(segments, number));
        return true;
    }

    /** A file may have got another content between the look at the log and its opening: the segment knows its own. */
    private void beginAgain() {
        LogSegment segment = segments[number];
        if (!segment.acquire()) {
            return;
        }
        again = true;
        try {
            check = new SegmentCheck(segment, segment.bytes(), segment.scan(), DamageSearch.nextBase(segments, number));
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void found(String what) {
        if (isWhole() && Arrays.asList(log.segments).contains(segments[number])) {
            damage = log.topicPartition + ": " + segments[number].file(SegmentFiles.LOG) + " " + what;
        }
    }

    /** Whether nothing was cut, or closed, since this began. */
    private boolean isWhole() {
        return log.isUsable() && !log.isCutSince(truncations);
    }

    /** All that was read so far. */
    long bytesRead() {
        return bytesRead;
    }

    boolean isDamaged() {
        return !damage.isEmpty();
    }

    /** Where, and what is wrong; empty where nothing is. */
    String damage() {
        return damage;
    }

    /** An offset in the damaged segment. */
    long offset() {
        return segments[number].baseOffset();
    }

    /** Whether what was found is still there: the log was not cut, nor closed. */
    boolean isCurrent() {
        return isDamaged() && isWhole();
    }

    /** Gives back what it has open. */
    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        check = null;
        if (again) {
            again = false;
            segments[number].release();
        }
        if (open != null) {
            open.close();
        }
    }
}
