package io.ottla.broker;

import io.ottla.config.TopicProperties;
import io.ottla.replication.LogStore;
import io.ottla.storage.CreateResult;
import io.ottla.storage.LogFolder;
import io.ottla.storage.LogFolders;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Logs of partitions from the broker's log folders. Thread-safe. */
final class FolderLogStore implements LogStore {
    private final LogFolders folders;
    private final DeletionNotes notes;

    FolderLogStore(LogFolders folders, DeletionNotes notes) {
        this.folders = folders;
        this.notes = notes;
    }

    @Override
    public List<LogFolder> folders() {
        return folders.folders();
    }

    @Override
    public CompletionStage<PartitionLog> open(
            TopicPartition partition, TopicId id, TopicProperties properties, boolean isNew) {
        PartitionLog there = folders.find(partition);
        if (there != null) {
            return reopened(there, id, properties, isNew);
        }
        return made(partition, id, properties, isNew);
    }

    /** A log that this start found on disk, unless it belongs to another topic that had the name. */
    private CompletionStage<PartitionLog> reopened(
            PartitionLog log, TopicId id, TopicProperties properties, boolean isNew) {
        if (id.isZero() || log.topicId().equals(id)) {
            log.reconfigure(properties);
            return CompletableFuture.completedFuture(log);
        }
        if (log.topicId().isZero()) {
            log.reconfigure(properties);
            return folders.assignTopicId(log, id).thenApply(nothing -> log);
        }
        TopicPartition partition = log.topicPartition();
        return folders.setAside(partition, id).thenCompose(nothing -> made(partition, id, properties, isNew));
    }

    private CompletionStage<PartitionLog> made(
            TopicPartition partition, TopicId id, TopicProperties properties, boolean isNew) {
        return folders.create(partition, id, properties, isNew).thenCompose(FolderLogStore::opened);
    }

    private static CompletionStage<PartitionLog> opened(CreateResult result) {
        return switch (result) {
            case CreateResult.Created(PartitionLog log) -> CompletableFuture.completedFuture(log);
            case CreateResult.Refused(var failure) -> CompletableFuture.failedFuture(new IOException(failure.text()));
        };
    }

    @Override
    public CompletionStage<Failure> move(TopicPartition partition, Path folder) {
        return folders.move(partition, folder);
    }

    @Override
    public List<MovingLog> moving() {
        return folders.moving();
    }

    @Override
    public CompletionStage<Void> delete(PartitionLog log) {
        return folders.delete(log.topicPartition());
    }

    @Override
    public void cleared(DeletedLog deleted) {
        notes.actedBy(Set.of(deleted));
    }
}
