package io.ottla.storage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes segments away: renamed at once, deleted after {@code file.delete.delay.ms}. Blocks. */
final class SegmentDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentDeletion.class);

    private final LogState log;

    SegmentDeletion(LogState log) {
        this.log = log;
    }

    /**
     * The log has let go of these segments already, or does so before anybody reads again. In the order given. That they
     * are gone is on disk when this returns: none comes back after a crash, among newer ones.
     */
    void delete(List<LogSegment> segments) throws IOException {
        if (segments.isEmpty()) {
            return;
        }
        for (LogSegment segment : segments) {
            segment.channel(); // readers that hold it find it open
            segment.markDeleted();
        }
        log.disk.syncFolder(log.path);
        log.folder
                .timer()
                .schedule(
                        log.properties.fileDeleteDelayMs(),
                        () -> log.folder.background().execute(() -> drop(segments)));
    }

    private void drop(List<LogSegment> segments) {
        for (LogSegment segment : segments) {
            try {
                if (log.isUsable()) {
                    segment.deleteMarked();
                }
            } catch (IOException e) {
                log.failed("Deleting a segment", e);
            } finally {
                release(segment);
            }
        }
    }

    private static void release(LogSegment segment) {
        try {
            segment.release();
        } catch (RejectedExecutionException closing) {
            LOG.debug("{} stays open until the process ends", segment);
        }
    }
}
