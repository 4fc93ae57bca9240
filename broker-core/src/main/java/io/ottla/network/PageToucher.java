package io.ottla.network;

import io.ottla.concurrent.BoundedPool;
import io.ottla.storage.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Brings ranges of files into the page cache on threads of its own, so that an event loop can then send them without
 * waiting for a disk. Nothing is copied for it where the slice knows a way; else the range is read. Thread-safe.
 */
final class PageToucher implements AutoCloseable {
    /** A part of a slice, counted from the slice's beginning. */
    record Range(FileSlice slice, int from, int bytes) {}

    private static final Path NULL_DEVICE = Path.of("/dev/null");

    private final BoundedPool pool;
    private final WritableByteChannel nowhere;

    PageToucher(int threads, int queue) {
        this.pool = new BoundedPool("ottla-cold-read", threads, queue);
        this.nowhere = openNowhere();
    }

    /**
     * Touches the ranges, then runs the task, on a thread of the pool. Where a file can't be read the task runs too:
     * whoever sends it will find out.
     *
     * @return false where too many wait already
     */
    boolean touch(List<Range> ranges, Runnable whenDone) {
        return pool.offer(() -> {
            for (Range range : ranges) {
                touch(range);
            }
            whenDone.run();
        });
    }

    /** Answers that wait for a thread. */
    int waiting() {
        return pool.waiting();
    }

    private void touch(Range range) {
        try {
            if (range.slice.load(range.from, range.bytes)) {
                return;
            }
            FileChannel file = range.slice.channel();
            long from = range.slice.position() + range.from;
            long done = 0;
            while (done < range.bytes) {
                long bytes = file.transferTo(from + done, range.bytes - done, nowhere);
                if (bytes <= 0) {
                    return;
                }
                done += bytes;
            }
        } catch (IOException | RuntimeException unreadable) {
            // The answer's sender meets the same failure and closes the connection.
            return;
        }
    }

    @Override
    public void close() {
        pool.close();
        try {
            nowhere.close();
        } catch (IOException nothingLost) {
            // A null device has nothing to lose.
            return;
        }
    }

    private static WritableByteChannel openNowhere() {
        if (Files.isWritable(NULL_DEVICE)) {
            try {
                return FileChannel.open(NULL_DEVICE, StandardOpenOption.WRITE);
            } catch (IOException fallThrough) {
                return new Discarding();
            }
        }
        return new Discarding();
    }

    /** Takes bytes and forgets them. */
    private static final class Discarding implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            bytes.position(bytes.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
