package io.ottla.storage;

import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One offset for each partition of a log folder: recovery points, high watermarks, log starts, or up to where compaction
 * has come. Thread-safe.
 *
 * <p>A file that cannot be understood counts as empty and is said so: recovery then looks at everything, and nothing is
 * deleted.
 */
final class OffsetCheckpoint {
    static final String RECOVERY_POINT = "recovery-point-offset-checkpoint";
    static final String HIGH_WATERMARK = "replication-offset-checkpoint";
    static final String LOG_START = "log-start-offset-checkpoint";
    static final String CLEANED = "cleaner-offset-checkpoint";

    private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoint.class);

    private final Disk disk;
    private final Path file;
    private final Object lock = new Object();

    OffsetCheckpoint(Disk disk, Path folder, String name) {
        this.disk = disk;
        this.file = folder.resolve(name);
    }

    void write(Map<TopicPartition, Long> offsets) throws IOException {
        List<String> entries = new ArrayList<>(offsets.size());
        new TreeMap<>(offsets)
                .forEach((partition, offset) ->
                        entries.add(partition.topic() + " " + partition.partition() + " " + offset));
        synchronized (lock) {
            CheckpointFile.write(disk, file, entries);
        }
    }

    Map<TopicPartition, Long> read() throws IOException {
        synchronized (lock) {
            if (!disk.exists(file) || disk.size(file) == 0) {
                return Map.of(); // Kafka begins with an empty file
            }
            try {
                Map<TopicPartition, Long> offsets = new HashMap<>();
                for (String entry : CheckpointFile.read(disk, file)) {
                    parse(entry, offsets);
                }
                return offsets;
            } catch (MalformedFileException e) {
                LOG.error(
                        "{}. It counts as empty; it is written anew with what the logs themselves say", e.getMessage());
                return Map.of();
            }
        }
    }

    private void parse(String entry, Map<TopicPartition, Long> into) throws MalformedFileException {
        String[] words = entry.split("\\s+");
        try {
            if (words.length == 3) {
                long offset = Long.parseLong(words[2]);
                int partition = Integer.parseInt(words[1]);
                if (offset >= 0 && partition >= 0) {
                    into.put(new TopicPartition(words[0], partition), offset);
                    return;
                }
            }
        } catch (NumberFormatException e) {
            throw malformed(entry);
        }
        throw malformed(entry);
    }

    private MalformedFileException malformed(String entry) {
        return new MalformedFileException(
                "Expected 'topic partition offset' in " + file + ", but read '" + entry + "'");
    }
}
