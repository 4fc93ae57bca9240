package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions that ended by abort with their marker in this segment (KIP-98). The file exists only where there is one.
 *
 * <pre>
 *   0  version           int16   0
 *   2  producerId        int64
 *  10  firstOffset       int64   of the transaction
 *  18  lastOffset        int64   of the marker
 *  26  lastStableOffset  int64   of the partition when the marker was appended
 * </pre>
 *
 * One writer; readers of any thread see an immutable list, which is read from the file when first asked for.
 */
final class TransactionIndex {
    static final int ENTRY_BYTES = 34;

    /** One aborted transaction. */
    record Entry(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}

    private final Disk disk;
    private final Path file;
    private final Object lock = new Object();
    private volatile List<Entry> entries;
    private int entriesInFile;

    TransactionIndex(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    /** For a segment that is new: nothing to read. */
    TransactionIndex begin() {
        entries = List.of();
        return this;
    }

    /**
     * All entries, oldest first. Blocks at the first call.
     *
     * @throws MalformedFileException where the file holds something else
     */
    List<Entry> entries() throws IOException {
        List<Entry> known = entries;
        if (known != null) {
            return known;
        }
        synchronized (lock) {
            if (entries == null) {
                List<Entry> read = read();
                entriesInFile = read.size();
                entries = read;
            }
            return entries;
        }
    }

    /** Whether asking for entries touches the disk. */
    boolean isInMemory() {
        return entries != null;
    }

    private List<Entry> read() throws IOException {
        if (!disk.exists(file)) {
            return List.of();
        }
        List<Entry> read = new ArrayList<>();
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            int whole = (int) (channel.size() / ENTRY_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate(whole * ENTRY_BYTES);
            ChannelBytes.readFully(channel, bytes, 0);
            bytes.flip();
            for (int i = 0; i < whole; i++) {
                short version = bytes.getShort();
                if (version < 0) {
                    throw new MalformedFileException(
                            "Expected a version from 0 in " + file + ", but entry " + i + " has " + version);
                }
                Entry entry = new Entry(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
                if (entry.firstOffset < 0
                        || entry.lastOffset < entry.firstOffset
                        || i > 0 && entry.lastOffset <= read.getLast().lastOffset) {
                    throw new MalformedFileException("Expected transactions in the order in which they ended in " + file
                            + ", but entry " + i + " is " + entry);
                }
                read.add(entry);
            }
        }
        return List.copyOf(read);
    }

    /** Adds an entry; it reaches the file with {@link #write}. Writer only. */
    void append(Entry entry) throws IOException {
        List<Entry> before = entries();
        List<Entry> after = new ArrayList<>(before.size() + 1);
        after.addAll(before);
        after.add(entry);
        entries = List.copyOf(after);
    }

    /** Drops transactions whose marker lies at or past the offset. Writer only; blocks. */
    void truncateTo(long offset) throws IOException {
        synchronized (lock) {
            List<Entry> kept = new ArrayList<>();
            for (Entry entry : entries()) {
                if (entry.lastOffset < offset) {
                    kept.add(entry);
                }
            }
            entries = List.copyOf(kept);
            if (entriesInFile > kept.size()) {
                rewrite();
            }
        }
    }

    /** Takes these entries in place of what is known and in the file. Writer only; blocks. */
    void replace(List<Entry> found) throws IOException {
        synchronized (lock) {
            entries = List.copyOf(found);
            rewrite();
        }
    }

    private void rewrite() throws IOException {
        entriesInFile = 0;
        if (entries.isEmpty()) {
            disk.delete(file);
        } else {
            try (FileChannel channel = disk.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            write(false);
        }
    }

    /** Brings entries in memory to the file. Blocks. */
    void write(boolean force) throws IOException {
        synchronized (lock) {
            List<Entry> now = entries;
            if (now == null || now.isEmpty() || now.size() == entriesInFile && !force) {
                return;
            }
            try (FileChannel channel = disk.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.allocate((now.size() - entriesInFile) * ENTRY_BYTES);
                for (Entry entry : now.subList(entriesInFile, now.size())) {
                    bytes.putShort((short) 0)
                            .putLong(entry.producerId)
                            .putLong(entry.firstOffset)
                            .putLong(entry.lastOffset)
                            .putLong(entry.lastStableOffset);
                }
                ChannelBytes.write(channel, bytes.flip(), (long) entriesInFile * ENTRY_BYTES);
                entriesInFile = now.size();
                if (force) {
                    channel.force(true);
                }
            }
        }
    }
}
