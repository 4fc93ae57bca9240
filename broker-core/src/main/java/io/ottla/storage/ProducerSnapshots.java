package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The snapshot files of a partition's folder, by offset. Thread-safe; all methods block. */
final class ProducerSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerSnapshots.class);

    private final Disk disk;
    private final Path folder;
    private final ConcurrentSkipListSet<Long> offsets;

    ProducerSnapshots(Disk disk, Path folder, Collection<Long> found) {
        this.disk = disk;
        this.folder = folder;
        this.offsets = new ConcurrentSkipListSet<>(found);
    }

    /**
     * Writes what {@link ProducerSnapshot#encode} made when the offset was the log's end. All of the log below the offset
     * is on disk: recovery takes the file for a sign of that, where a segment begins at the offset.
     */
    void write(long offset, ByteBuffer snapshot) throws IOException {
        SmallFile.replace(disk, file(offset), snapshot);
        offsets.add(offset);
    }

    /**
     * Restores the newest snapshot at or below the offset. One that cannot be understood is passed over, for an older
     * one.
     *
     * @param fromOffset where the log's segments begin: what an older snapshot tells of may have ended before
     * @return the offset from which on batches have to be read; empty where all have to
     */
    OptionalLong restore(ProducerStates into, long fromOffset, long upToOffset, long nowMs) throws IOException {
        Long offset = offsets.floor(upToOffset);
        while (offset != null && offset >= fromOffset) {
            Path file = file(offset);
            try {
                into.restore(ProducerSnapshot.decode(SmallFile.read(disk, file), file), nowMs);
                return OptionalLong.of(offset);
            } catch (MalformedFileException e) {
                LOG.warn("{}. An older snapshot or the log itself is read instead", e.getMessage());
                offset = offsets.lower(offset);
            }
        }
        return OptionalLong.empty();
    }

    boolean has(long offset) {
        return offsets.contains(offset);
    }

    /** Deletes snapshots below the offset. */
    void deleteBefore(long offset) throws IOException {
        for (Long one : offsets.headSet(offset)) {
            delete(one);
        }
    }

    /**
     * Deletes snapshots above the offset. That they are gone is on disk when this returns: none comes back after a crash
     * as a companion of a segment that is begun later.
     */
    void deleteAfter(long offset) throws IOException {
        boolean any = false;
        for (Long one : offsets.tailSet(offset, false)) {
            delete(one);
            any = true;
        }
        if (any) {
            disk.syncFolder(folder);
        }
    }

    /** Deletes the snapshot at the offset. */
    void delete(long offset) throws IOException {
        disk.delete(file(offset));
        offsets.remove(offset);
    }

    private Path file(long offset) {
        return SegmentFiles.file(folder, offset, SegmentFiles.SNAPSHOT);
    }
}
