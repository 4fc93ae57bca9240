package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes segments of a log. */
final class Segments {
    private Segments() {}

    /** A new, empty one; a file that bears its name is emptied. */
    static LogSegment create(LogState log, long baseOffset) throws IOException {
        FileChannel file = file(log, SegmentFiles.file(log.path, baseOffset, SegmentFiles.LOG));
        return LogSegment.begin(log.place(), baseOffset, file, log.life(0));
    }

    /** The file of a new one, empty, but for {@code preallocate} of its full size. */
    static FileChannel file(LogState log, Path path) throws IOException {
        FileChannel channel = log.disk.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        if (log.properties.preallocate()) {
            channel.write(ByteBuffer.allocate(1), log.properties.segmentBytes() - 1L);
        }
        return channel;
    }
}
