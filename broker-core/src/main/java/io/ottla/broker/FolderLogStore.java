package io.ottla.broker;

import io.ottla.config.TopicProperties;
import io.ottla.replication.LogStore;
import io.ottla.storage.CreateResult;
import io.ottla.storage.LogFolder;
import io.ottla.storage.LogFolders;
import io.ottla.storage.PartitionLog;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Logs of partitions from the broker's log folders. Thread-safe. */
final class FolderLogStore implements LogStore {
    private final LogFolders folders;

    FolderLogStore(LogFolders folders) {
        this.folders = folders;
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
            return reopened(there, id, properties);
        }
        return folders.create(partition, id, properties, isNew).thenCompose(FolderLogStore::opened);
    }

    /** A log that this start found on disk. One of another topic of that name is nobody's to overwrite. */
    private CompletionStage<PartitionLog> reopened(PartitionLog log, TopicId id, TopicProperties properties) {
        log.reconfigure(properties);
        if (id.isZero() || log.topicId().equals(id)) {
            return CompletableFuture.completedFuture(log);
        }
        if (log.topicId().isZero()) {
            return folders.assignTopicId(log, id).thenApply(nothing -> log);
        }
        return CompletableFuture.failedFuture(new IOException("Expected " + log.topicPartition() + " in "
                + log.folder().path() + " to belong to topic id " + id + ", but its partition.metadata names "
                + log.topicId() + ": the topic was deleted and made again while this folder was away. Move the folder"
                + " elsewhere and restart"));
    }

    private static CompletionStage<PartitionLog> opened(CreateResult result) {
        return switch (result) {
            case CreateResult.Created(PartitionLog log) -> CompletableFuture.completedFuture(log);
            case CreateResult.Refused(var failure) -> CompletableFuture.failedFuture(new IOException(failure.text()));
        };
    }

    @Override
    public CompletionStage<Void> delete(PartitionLog log) {
        return folders.delete(log.topicPartition());
    }
}
