package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes whole logs: the folder is renamed at once, its files go after {@code file.delete.delay.ms}. Blocks. */
final class LogDeletion {
    /** How long after a start what a former process left is deleted. */
    static final long AFTER_START_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(LogDeletion.class);

    private final DiskFolder folder;
    private final RandomGenerator random;

    LogDeletion(DiskFolder folder, RandomGenerator random) {
        this.folder = folder;
        this.random = random;
    }

    /** Closes the log and lets its name go. */
    void delete(SegmentedLog log) {
        LogParts parts = log.parts();
        try {
            parts.abandon();
            letGo(parts.log);
            LOG.info("Deleted {}; its files go in {} ms", log, log.properties().fileDeleteDelayMs());
        } catch (IOException e) {
            folder.fail("Deleting " + log.topicPartition(), e);
        }
    }

    /** Lets the name of a log go that goes on elsewhere; its files go later. False where that failed. */
    boolean clear(LogParts left) {
        try {
            left.letGo();
            letGo(left.log);
            folder.disk().syncFolder(folder.path());
            return true;
        } catch (IOException e) {
            folder.fail("Clearing away " + left.log.topicPartition, e);
            return false;
        }
    }

    /** Lets the name of a log go that is not open. */
    void letGo(TopicPartition partition, String why) throws IOException {
        Path path = folder.path().resolve(partition.toString());
        Path renamed = folder.path().resolve(FolderName.deleting(partition, random));
        LOG.info("Deleting {}: {}", path, why);
        folder.disk().move(path, renamed);
        folder.disk().syncFolder(folder.path());
        later(renamed, AFTER_START_MS);
    }

    private void letGo(LogState log) throws IOException {
        Path renamed = folder.path().resolve(FolderName.deleting(log.topicPartition, random));
        log.disk.move(log.path, renamed);
        later(renamed, log.properties.fileDeleteDelayMs());
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
            drop(folder.disk(), renamed);
        } catch (IOException e) {
            folder.fail("Deleting " + renamed, e);
        }
    }

    /** Deletes a folder and the files in it. Blocks. */
    static void drop(Disk disk, Path folder) throws IOException {
        for (Disk.Entry entry : disk.list(folder)) {
            disk.delete(entry.path());
        }
        disk.delete(folder);
    }
}
