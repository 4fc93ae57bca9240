package io.ottla.storage;

import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets logs aside that belong to a topic which is no more, where another has its name now: it was deleted and made again
 * while their folder was away. They get Kafka's name for it, {@code <topic>-<n>.<id>-stray}; nobody opens them again, and
 * nobody but the operator deletes them. Blocks.
 */
final class StrayLogs {
    private static final Logger LOG = LoggerFactory.getLogger(StrayLogs.class);

    private final RandomGenerator random;

    StrayLogs(RandomGenerator random) {
        this.random = random;
    }

    /** Sets a log that is not open aside where it is surely none of the topic's; true where it was. */
    boolean setAsideIfStray(DiskFolder folder, TopicPartition partition, TopicId topicId) throws IOException {
        TopicId found = PartitionMetadataFile.read(folder.disk(), folder.path().resolve(partition.toString()));
        if (topicId.isZero() || found.isZero() || found.equals(topicId)) {
            return false;
        }
        rename(folder, partition, found, topicId);
        return true;
    }

    /** Closes the log and sets it aside. */
    void setAside(SegmentedLog log, DiskFolder folder, TopicId topicId) throws IOException {
        log.close();
        rename(folder, log.topicPartition(), log.topicId(), topicId);
    }

    private void rename(DiskFolder folder, TopicPartition partition, TopicId found, TopicId topicId)
            throws IOException {
        Path from = folder.path().resolve(partition.toString());
        Path to = folder.path().resolve(FolderName.stray(partition, random));
        folder.disk().move(from, to);
        folder.disk().syncFolder(folder.path());
        LOG.warn(
                "Set {} aside as {}: it belongs to topic id {}, but {} has the id {} now. Nobody reads it any more; delete"
                        + " it when you need nothing of it",
                from,
                to.getFileName(),
                found,
                partition.topic(),
                topicId);
    }
}
