package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

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

    /** The first so many of an array's entries, which stay as they are; there may be room for more behind them. */
    private static final class Known extends AbstractList<Entry> implements RandomAccess {
        private final Entry[] entries;
        private final int count;

        Known(Entry[] entries, int count) {
            this.entries = entries;
            this.count = count;
        }

        static Known of(List<Entry> entries) {
            return new Known(entries.toArray(Entry[]::new), entries.size());
        }

        /** One more. Asked of the newest alone, once. */
        Known with(Entry entry) {
            Entry[] roomy = count < entries.length ? entries : Arrays.copyOf(entries, Math.max(8, count * 2));
            roomy[count] = entry;
            return new Known(roomy, count + 1);
        }

        @Override
        public Entry get(int number) {
            return entries[Objects.checkIndex(number, count)];
        }

        @Override
        public int size() {
            return count;
        }
    }

    private final Disk disk;
    private final Path file;
    private final Object lock = new Object();
    private volatile Known entries;
    private int entriesInFile;

    TransactionIndex(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    /** For a segment that is new: nothing to read. */
    TransactionIndex begin() {
        entries = Known.of(List.of());
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
                entries = Known.of(read);
            }
            return entries;
        }
    }

    /** Number of the first of such entries whose marker is at the offset or past it; as many as there are where none is. */
    static int firstEndingAt(List<Entry> entries, long offset) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).lastOffset >= offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
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
        return read;
    }

    /** Adds an entry; it reaches the file with {@link #write}. Writer only. */
    void append(Entry entry) throws IOException {
        entries(); // what the file holds comes first
        entries = entries.with(entry);
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
            entries = Known.of(kept);
            if (entriesInFile > kept.size()) {
                rewrite();
            }
        }
    }

    /** Takes these entries in place of what is known and in the file. Writer only; blocks. */
    void replace(List<Entry> found) throws IOException {
        synchronized (lock) {
            entries = Known.of(found);
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
