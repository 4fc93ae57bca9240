package io.ottla.storage;

import io.ottla.types.TopicId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code partition.metadata}: which topic, by id, a partition's folder belongs to (KIP-516).
 *
 * <pre>
 * version: 0
 * topic_id: Rq1vKJpLQ0y2ljrYmZ4xLQ
 * </pre>
 *
 * Not forced to disk: ZooKeeper knows the id too.
 */
final class PartitionMetadataFile {
    static final String FILE = "partition.metadata";

    private static final Logger LOG = LoggerFactory.getLogger(PartitionMetadataFile.class);

    private PartitionMetadataFile() {}

    static void write(Disk disk, Path folder, TopicId topicId) throws IOException {
        String text = "version: 0\ntopic_id: " + topicId + "\n";
        try (FileChannel channel = disk.open(
                folder.resolve(FILE),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ChannelBytes.write(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        }
    }

    /** {@link TopicId#ZERO} where there is no file, or none that can be understood. */
    static TopicId read(Disk disk, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!disk.exists(file)) {
            return TopicId.ZERO;
        }
        String text = StandardCharsets.UTF_8.decode(SmallFile.read(disk, file)).toString();
        for (String line : text.split("\n")) {
            if (line.startsWith("topic_id:")) {
                try {
                    return TopicId.parse(line.substring("topic_id:".length()).strip());
                } catch (IllegalArgumentException e) {
                    LOG.warn("Expected a topic id in {}, but read '{}'. It counts as unknown", file, line);
                    return TopicId.ZERO;
                }
            }
        }
        LOG.warn("Expected a topic id in {}, but there is none. It counts as unknown", file);
        return TopicId.ZERO;
    }
}
