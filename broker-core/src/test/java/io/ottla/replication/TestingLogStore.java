package io.ottla.replication;

import io.ottla.config.TopicProperties;
import io.ottla.storage.LogFolder;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Logs in memory. A test may hold openings back, or let them fail. */
public final class TestingLogStore implements LogStore {
    public final List<LogFolder> folders = new ArrayList<>();
    public final Map<TopicPartition, TestingLog> logs = new ConcurrentHashMap<>();
    public final List<TopicPartition> deleted = new ArrayList<>();
    /** What is deleted wholly. */
    public final List<DeletedLog> cleared = new ArrayList<>();
    /** Opened as new to this broker. */
    public final List<TopicPartition> made = new ArrayList<>();

    /** Which logs were to lie in which folder. */
    public final List<String> moves = new ArrayList<>();

    /** What a move is answered. */
    public volatile CompletableFuture<Failure> moved = CompletableFuture.completedFuture(null);

    public volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

    public TestingLogStore(LogFolder folder) {
        folders.add(folder);
    }

    @Override
    public List<LogFolder> folders() {
        return folders;
    }

    @Override
    public CompletionStage<PartitionLog> open(
            TopicPartition partition, TopicId id, TopicProperties properties, boolean isNew) {
        if (isNew) {
            made.add(partition);
        }
        return gate.thenApply(_ -> {
            TestingLog log = new TestingLog(partition, id, folders.get(0), properties);
            logs.put(partition, log);
            return log;
        });
    }

    @Override
    public CompletionStage<Failure> move(TopicPartition partition, Path folder) {
        moves.add(partition + " to " + folder);
        return moved;
    }

    @Override
    public List<MovingLog> moving() {
        return List.of();
    }

    @Override
    public CompletionStage<Void> delete(PartitionLog log) {
        deleted.add(log.topicPartition());
        logs.remove(log.topicPartition(), log);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void cleared(DeletedLog log) {
        cleared.add(log);
    }
}
