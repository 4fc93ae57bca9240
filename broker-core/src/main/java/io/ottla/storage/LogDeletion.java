package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes whole logs: the folder is renamed at once, its files go after {@code file.delete.delay.ms}. Blocks. */
final class LogDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(LogDeletion.class);

    private final DiskFolder folder;
    private final RandomGenerator random;

    LogDeletion(DiskFolder folder, RandomGenerator random) {
        this.folder = folder;
        this.random = random;
    }

    /** Closes the log and lets its name go. */
    void delete(SegmentedLog log) {
        TopicPartition partition = log.topicPartition();
        Path renamed = folder.path().resolve(FolderName.deleting(partition, random));
        try {
            log.abandon();
            folder.disk().move(log.path(), renamed);
            LOG.info("Deleted {}; its files go in {} ms", log, log.properties().fileDeleteDelayMs());
            later(renamed, log.properties().fileDeleteDelayMs());
        } catch (IOException e) {
            folder.fail("Deleting " + partition, e);
        }
    }

    /** Has a renamed folder deleted after the delay. */
    void later(Path renamed, long delayMs) {
        folder.timer().schedule(delayMs, () -> folder.background().execute(() -> drop(renamed)));
    }

    private void drop(Path renamed) {
        if (!folder.isOnline() || !folder.disk().exists(renamed)) {
            return;
        }
        try {
            for (Disk.Entry entry : folder.disk().list(renamed)) {
                folder.disk().delete(entry.path());
            }
            folder.disk().delete(renamed);
        } catch (IOException e) {
            folder.fail("Deleting " + renamed, e);
        }
    }
}
