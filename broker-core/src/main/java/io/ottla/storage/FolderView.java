package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.nio.file.Path;
import java.util.List;

/**
 * A log folder as DescribeLogDirs shows it.
 *
 * @param totalBytes of its file system, -1 where unknown
 * @param usableBytes of these, -1 where unknown
 * @param logs empty where it is offline
 */
public record FolderView(Path path, boolean online, long totalBytes, long usableBytes, List<LogView> logs) {
    /** One log in it. */
    public record LogView(TopicPartition partition, long bytes) {}

    public FolderView {
        logs = List.copyOf(logs);
    }
}
