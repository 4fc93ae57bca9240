package io.ottla.network;

import io.ottla.concurrent.BoundedPool;
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
 * waiting for a disk. On Linux nothing is copied for it: the range is sent to the null device. Thread-safe.
 */
final class PageToucher implements AutoCloseable {
    /** Bytes of a file. */
    record Range(FileChannel file, long from, long bytes) {}

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
            long done = 0;
            while (done < range.bytes) {
                long bytes = range.file.transferTo(range.from + done, range.bytes - done, nowhere);
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
