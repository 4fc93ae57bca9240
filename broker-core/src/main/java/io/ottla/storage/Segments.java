package io.ottla.storage;

import java.io.IOException;
import java.nio.file.StandardOpenOption;

/** Makes segments of a log. */
final class Segments {
    private Segments() {}

    /** A new, empty one; a file that bears its name is emptied. */
    static LogSegment create(LogState log, long baseOffset) throws IOException {
        return LogSegment.begin(
                log.place(),
                baseOffset,
                log.disk.open(
                        SegmentFiles.file(log.path, baseOffset, SegmentFiles.LOG),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                log.life(0));
    }
}
