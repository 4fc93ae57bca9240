package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    static final int NOT_IN_MEMORY = -1;

    /**
     * Entries from number {@code first} on, in ascending order; the array may have room for more than {@code count}.
     * Those before are in the file, and {@code pages} of it were read lately.
     */
    private static final class Memory {
        private final int first;
        private final long[] entries;
        private final int count;
        private final IndexPages pages;

        Memory(int first) {
            this(first, new long[0], 0, new IndexPages());
        }

        private Memory(int first, long[] entries, int count, IndexPages pages) {
            this.first = first;
            this.entries = entries;
            this.count = count;
            this.pages = pages;
        }

        /** Others in memory, the same in the file. */
        Memory with(long[] entries, int count) {
            return new Memory(first, entries, count, pages);
        }

        int total() {
            return first + count;
        }
    }

    private final IndexFile file;
    private final long baseOffset;
    private volatile int maxEntries;
    private volatile Memory memory;

    /** @param entriesInFile of them that are good; the rest of the file is cut at the next write */
    OffsetIndex(Disk disk, Path path, long baseOffset, int maxBytes, int entriesInFile) {
        this.file = new IndexFile(disk, path, ENTRY_BYTES, entriesInFile);
        this.baseOffset = baseOffset;
        this.maxEntries = maxBytes / ENTRY_BYTES;
        this.memory = new Memory(file.entries());
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
        memory = now.with(entries, now.count + 1);
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
        int known = positionInMemoryBefore(now, position);
        if (known != NOT_IN_MEMORY) {
            return known;
        }
        IndexPages.Page page = page(now, position);
        now.pages.add(page);
        return page.positionBefore(position);
    }

    /** The same where no file has to be read for it, else {@link #NOT_IN_MEMORY}. */
    int positionInMemoryBefore(int position) {
        return positionInMemoryBefore(memory, position);
    }

    private static int positionInMemoryBefore(Memory now, int position) {
        if (now.count > 0 && position(now.entries[0]) <= position) {
            return positionBefore(now.entries, now.count, position);
        }
        return now.first == 0 ? 0 : now.pages.positionBefore(position);
    }

    /** The page of the file that tells. */
    private IndexPages.Page page(Memory now, int position) throws IOException {
        int low = 0;
        int high = (now.first - 1) / IndexPages.STRIDE;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (position(entry(now, middle * IndexPages.STRIDE)) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int first = low * IndexPages.STRIDE;
        long[] entries = new long[Math.min(IndexPages.STRIDE + 1, now.first - first)];
        file.read(first, entries.length).asLongBuffer().get(entries);
        return new IndexPages.Page(low, entries);
    }

    /** Position of the last of so many entries that is not past the given one; 0 where there is none. */
    static int positionBefore(long[] entries, int count, int position) {
        int low = -1;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (position(entries[middle]) <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < 0 ? 0 : position(entries[low]);
    }

    /**
     * The last offset of the first indexed batch that begins behind the position; {@link #NOT_IN_MEMORY} where there is
     * none, or a file would have to be read for it.
     */
    long offsetInMemoryBehind(int position) {
        Memory now = memory;
        boolean isInEntries = now.count > 0 && (now.first == 0 || position(now.entries[0]) <= position);
        long entry = isInEntries ? entryBehind(now.entries, now.count, position) : now.pages.entryBehind(position);
        return entry < 0 ? NOT_IN_MEMORY : baseOffset + (entry >>> 32);
    }

    /** The first of so many entries whose position is behind the given one; {@link #NOT_IN_MEMORY} for none. */
    static long entryBehind(long[] entries, int count, int position) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (position(entries[middle]) > position) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == count ? NOT_IN_MEMORY : entries[low];
    }

    static int position(long entry) {
        return (int) entry;
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
        return file.read(number, 1).getLong();
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
        synchronized (file) {
            Memory now = memory;
            if (entries >= now.first) {
                memory = now.with(Arrays.copyOf(now.entries, entries - now.first), entries - now.first);
            } else {
                memory = new Memory(entries);
            }
            file.keep(entries);
        }
    }

    /** Brings entries in memory to the file, unforced. Blocks; not with {@link #keep} at once. */
    void write() throws IOException {
        synchronized (file) {
            Memory now = memory;
            ByteBuffer added = file.roomUpTo(now.total());
            for (int i = file.entries(); i < now.total(); i++) {
                added.putLong(now.entries[i - now.first]);
            }
            file.append(added.flip());
        }
    }

    /** Brings all to disk and forgets what was in memory: no entry follows. Blocks. */
    void seal() throws IOException {
        synchronized (file) {
            write();
            file.force();
            memory = new Memory(file.entries());
        }
    }

    /** Opens the file, which is to bear another name. Blocks. */
    void openForReaders() throws IOException {
        file.open();
    }

    void close() throws IOException {
        file.close();
    }
}
