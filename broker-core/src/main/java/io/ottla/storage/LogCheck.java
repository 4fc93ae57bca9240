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
                boolean isSuspect = check.isDamaged();
                close();
                if (isSuspect) {
                    lookThroughAgain();
                }
            }
        } catch (NoSuchFileException e) {
            lookThroughAgain(); // renamed: what took its place is looked at the next time
        } catch (IOException e) {
            giveUp(e);
        }
        return !isDamaged();
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
    private void lookThroughAgain() {
        if (!segments[number].acquire()) {
            return;
        }
        try {
            DamageSearch.Damage again = DamageSearch.find(segments, number);
            if (again != null) {
                found("is not as it was written at position " + again.position());
            }
        } catch (IOException e) {
            found("can't be read (" + DiskReason.of(e) + ")");
        } finally {
            segments[number].release();
        }
    }

    private void found(String what) {
        if (isWhole() && Arrays.asList(log.segments).contains(segments[number])) {
            damage = segments[number] + " " + what;
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

    /** Gives back the open file, if there is one. */
    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        check = null;
        if (open != null) {
            open.close();
        }
    }
}
