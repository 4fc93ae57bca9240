package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Where batches begin in a segment: sparse, one entry about every {@code index.interval.bytes}.
 *
 * <pre>
 *   0  relativeOffset  int32   last offset of the batch, less the segment's base offset
 *   4  position        int32   where the batch begins in the segment's file
 * </pre>
 *
 * Entries of this process lie in memory until {@link #seal}; {@link #write} brings them to the file, which is never
 * larger than its entries. Entries that were there at opening are read from the file when asked for. One writer; readers
 * of any thread, without a lock.
 */
final class OffsetIndex {
    static final int ENTRY_BYTES = 8;

    /** Entries from number {@code first} on, in ascending order; the array may have room for more than {@code count}. */
    private static final class Memory {
        private final int first;
        private final long[] entries;
        private final int count;

        Memory(int first, long[] entries, int count) {
            this.first = first;
            this.entries = entries;
            this.count = count;
        }

        int total() {
            return first + count;
        }
    }

    private final Disk disk;
    private final Path file;
    private final long baseOffset;
    private final Object fileLock = new Object();
    private volatile int maxEntries;
    private volatile Memory memory;
    private volatile FileChannel channel;
    private int entriesInFile;

    /** @param entriesInFile of them that are good; the rest of the file is cut at the next write */
    OffsetIndex(Disk disk, Path file, long baseOffset, int maxBytes, int entriesInFile) {
        this.disk = disk;
        this.file = file;
        this.baseOffset = baseOffset;
        this.maxEntries = maxBytes / ENTRY_BYTES;
        this.entriesInFile = entriesInFile;
        this.memory = new Memory(entriesInFile, new long[0], 0);
    }

    void limit(int maxBytes) {
        maxEntries = maxBytes / ENTRY_BYTES;
    }

    boolean isFull() {
        return memory.total() >= maxEntries;
    }

    int entries() {
        return memory.total();
    }

    /** Adds an entry, whose offset and position are above the last one's. Writer only. */
    void append(long lastOffset, int position) {
        Memory now = memory;
        long[] entries = now.entries;
        if (now.count == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(16, entries.length * 2));
        }
        entries[now.count] = (lastOffset - baseOffset) << 32 | position;
        memory = new Memory(now.first, entries, now.count + 1);
    }

    /** Position of the last indexed batch that begins the search for this offset; 0 where none is that low. */
    int positionFor(long offset) throws IOException {
        long relative = offset - baseOffset;
        if (relative < 0) {
            return 0;
        }
        return (int) search(relative << 32 | 0xffff_ffffL);
    }

    /** Position of the last indexed batch that begins at or before the position; 0 where there is none. */
    int positionBefore(int position) throws IOException {
        Memory now = memory;
        int low = -1;
        int high = now.total() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if ((int) entry(now, middle) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < 0 ? 0 : (int) entry(now, low);
    }

    /** The last entry's offset, or the base offset where there is none. */
    long lastOffset() throws IOException {
        Memory now = memory;
        return now.total() == 0 ? baseOffset : baseOffset + (entry(now, now.total() - 1) >>> 32);
    }

    /** The last entry's position, or 0. */
    int lastPosition() throws IOException {
        Memory now = memory;
        return now.total() == 0 ? 0 : (int) entry(now, now.total() - 1);
    }

    /** Offset and position of an entry, by its number. */
    long offsetAt(int number) throws IOException {
        return baseOffset + (entry(memory, number) >>> 32);
    }

    int positionAt(int number) throws IOException {
        return (int) entry(memory, number);
    }

    private long search(long key) throws IOException {
        Memory now = memory;
        int low = -1;
        int high = now.total() - 1;
        if (now.count > 0 && now.entries[0] <= key) {
            low = now.first;
        } else if (now.count > 0) {
            high = now.first - 1;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (entry(now, middle) <= key) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < 0 ? 0 : (int) entry(now, low);
    }

    private long entry(Memory now, int number) throws IOException {
        if (number >= now.first) {
            return now.entries[number - now.first];
        }
        ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES);
        ChannelBytes.readFully(channel(), bytes, (long) number * ENTRY_BYTES);
        return bytes.getLong(0);
    }

    /** Drops entries at and past the offset. Writer only; blocks. */
    void truncateTo(long offset) throws IOException {
        Memory now = memory;
        int keep = now.total();
        while (keep > 0 && baseOffset + (entry(now, keep - 1) >>> 32) >= offset) {
            keep--;
        }
        keep(keep);
    }

    /** Keeps the first so many entries. Writer only; blocks. */
    void keep(int entries) throws IOException {
        synchronized (fileLock) {
            Memory now = memory;
            if (entries >= now.first) {
                memory = new Memory(now.first, Arrays.copyOf(now.entries, entries - now.first), entries - now.first);
            } else {
                memory = new Memory(entries, new long[0], 0);
            }
            if (entriesInFile > entries) {
                entriesInFile = entries;
                channel().truncate((long) entries * ENTRY_BYTES);
            }
        }
    }

    /** Brings entries in memory to the file, unforced. Blocks; not with {@link #keep} at once. */
    void write() throws IOException {
        synchronized (fileLock) {
            Memory now = memory;
            int pending = now.total() - entriesInFile;
            FileChannel out = channel();
            if (pending > 0) {
                ByteBuffer bytes = ByteBuffer.allocate(pending * ENTRY_BYTES);
                for (int i = entriesInFile; i < now.total(); i++) {
                    bytes.putLong(now.entries[i - now.first]);
                }
                ChannelBytes.write(out, bytes.flip(), (long) entriesInFile * ENTRY_BYTES);
                entriesInFile = now.total();
            }
            long size = (long) entriesInFile * ENTRY_BYTES;
            if (out.size() > size) {
                out.truncate(size);
            }
        }
    }

    /** Brings all to disk and forgets what was in memory: no entry follows. Blocks. */
    void seal() throws IOException {
        synchronized (fileLock) {
            write();
            channel().force(true);
            memory = new Memory(entriesInFile, new long[0], 0);
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        synchronized (fileLock) {
            if (channel == null) {
                channel = disk.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            }
            return channel;
        }
    }

    void close() throws IOException {
        synchronized (fileLock) {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        }
    }
}
