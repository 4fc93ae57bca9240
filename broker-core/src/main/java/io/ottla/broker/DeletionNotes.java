package io.ottla.broker;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.TopicImage;
import io.ottla.storage.LogFolders;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.TopicId;
import io.ottla.zookeeper.DeletedLogs;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts by the notes that say to this broker which topics were deleted, and which replicas have moved away, so that no log of
 * them stays behind, whenever a broker stops and returns. Thread-safe.
 */
final class DeletionNotes {
    private static final Logger LOG = LoggerFactory.getLogger(DeletionNotes.class);

    private final BrokerId self;
    private final DeletedLogs notes;
    private final LogFolders folders;

    DeletionNotes(BrokerId self, DeletedLogs notes, LogFolders folders) {
        this.self = self;
        this.notes = notes;
        this.folders = folders;
    }

    /** What was deleted, and of which there may be logs here. */
    CompletionStage<Set<DeletedLog>> read() {
        return notes.of(self);
    }

    /** None of these logs is here any more. While a folder is offline nobody can say so, and the notes stay. */
    void actedBy(Set<DeletedLog> deleted) {
        if (folders.offlineFolders() == 0) {
            notes.cleared(self, deleted);
        }
    }

    /**
     * Looks once more, after the start: a topic may have been deleted after the notes were read, and before the controller knew
     * of this broker.
     *
     * @param image the first one of this start
     */
    void lookAgain(ClusterImage image) {
        read().thenCompose(found -> {
                    Set<TopicId> deleted = new HashSet<>();
                    found.stream().filter(DeletedLog::isAll).forEach(log -> deleted.add(log.topic()));
                    for (TopicImage topic : image.topics().values()) {
                        deleted.remove(topic.id()); // the cluster's word will come, and its own way
                    }
                    return folders.deleteAllOf(deleted)
                            .thenRun(() -> actedBy(
                                    deleted.stream().map(DeletedLog::allOf).collect(Collectors.toSet())));
                })
                .exceptionally(e -> {
                    LOG.warn("Could not look again which topics were deleted; the next start will", e);
                    return null;
                });
    }
}
