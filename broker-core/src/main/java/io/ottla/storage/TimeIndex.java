package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Which offsets a time stands at: each entry says that no batch up to its offset has a larger timestamp.
 *
 * <pre>
 *   0  timestamp       int64   the largest so far, in milliseconds
 *   8  relativeOffset  int32   last offset of the batch that has it, less the segment's base offset
 * </pre>
 *
 * Kept as {@link OffsetIndex} keeps its entries: in memory until sealed, one writer, readers without a lock.
 */
final class TimeIndex {
    static final int ENTRY_BYTES = 12;

    /** A timestamp and the last offset of the batch that has it. */
    record Entry(long timestamp, long offset) {}

    /** Entries from number {@code first} on; the arrays may have room for more than {@code count}. */
    private static final class Memory {
        private final int first;
        private final long[] timestamps;
        private final int[] offsets;
        private final int count;

        Memory(int first, long[] timestamps, int[] offsets, int count) {
            this.first = first;
            this.timestamps = timestamps;
            this.offsets = offsets;
            this.count = count;
        }

        int total() {
            return first + count;
        }
    }

    private final IndexFile file;
    private final long baseOffset;
    private volatile int maxEntries;
    private volatile Memory memory;

    TimeIndex(Disk disk, Path path, long baseOffset, int maxBytes, int entriesInFile) {
        this.file = new IndexFile(disk, path, ENTRY_BYTES, entriesInFile);
        this.baseOffset = baseOffset;
        this.maxEntries = maxBytes / ENTRY_BYTES;
        this.memory = new Memory(file.entries(), new long[0], new int[0], 0);
    }

    void limit(int maxBytes) {
        maxEntries = maxBytes / ENTRY_BYTES;
    }

    /** One entry less than there is room for: the last one is for the end of the segment. */
    boolean isFull() {
        return memory.total() >= maxEntries - 1;
    }

    int entries() {
        return memory.total();
    }

    /** The last entry; (-1, base offset) where there is none. Blocks where it lies in the file only. */
    Entry last() throws IOException {
        int total = memory.total();
        return total == 0 ? new Entry(-1, baseOffset) : at(total - 1);
    }

    /** Adds an entry where its timestamp is above the last one's. Writer only. */
    void appendIfLarger(long timestamp, long offset) throws IOException {
        Memory now = memory;
        if (timestamp < 0) {
            return;
        }
        if (now.count > 0) {
            if (timestamp <= now.timestamps[now.count - 1]) {
                return;
            }
        } else if (now.first > 0 && timestamp <= last().timestamp()) {
            return;
        }
        long[] timestamps = now.timestamps;
        int[] offsets = now.offsets;
        if (now.count == timestamps.length) {
            int room = Math.max(16, timestamps.length * 2);
            timestamps = Arrays.copyOf(timestamps, room);
            offsets = Arrays.copyOf(offsets, room);
        }
        timestamps[now.count] = timestamp;
        offsets[now.count] = (int) (offset - baseOffset);
        memory = new Memory(now.first, timestamps, offsets, now.count + 1);
    }

    /** The last entry whose timestamp is below the given one; (-1, base offset) where there is none. */
    Entry lookup(long timestamp) throws IOException {
        Memory now = memory;
        int low = -1;
        int high = now.total() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (at(now, middle).timestamp < timestamp) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low < 0 ? new Entry(-1, baseOffset) : at(now, low);
    }

    Entry at(int number) throws IOException {
        return at(memory, number);
    }

    private Entry at(Memory now, int number) throws IOException {
        if (number >= now.first) {
            int i = number - now.first;
            return new Entry(now.timestamps[i], baseOffset + now.offsets[i]);
        }
        ByteBuffer bytes = file.read(number, 1);
        return new Entry(bytes.getLong(), baseOffset + bytes.getInt());
    }

    /** Drops entries at and past the offset. Writer only; blocks. */
    void truncateTo(long offset) throws IOException {
        int keep = entries();
        while (keep > 0 && at(keep - 1).offset >= offset) {
            keep--;
        }
        keep(keep);
    }

    /** Keeps the first so many entries. Writer only; blocks. */
    void keep(int entries) throws IOException {
        synchronized (file) {
            Memory now = memory;
            if (entries >= now.first) {
                int count = entries - now.first;
                memory = new Memory(
                        now.first, Arrays.copyOf(now.timestamps, count), Arrays.copyOf(now.offsets, count), count);
            } else {
                memory = new Memory(entries, new long[0], new int[0], 0);
            }
            file.keep(entries);
        }
    }

    /** Brings entries in memory to the file, unforced. Blocks. */
    void write() throws IOException {
        synchronized (file) {
            Memory now = memory;
            ByteBuffer added = file.roomUpTo(now.total());
            for (int i = file.entries() - now.first; i < now.count; i++) {
                added.putLong(now.timestamps[i]).putInt(now.offsets[i]);
            }
            file.append(added.flip());
        }
    }

    /** Brings all to disk and forgets what was in memory: no entry follows. Blocks. */
    void seal() throws IOException {
        synchronized (file) {
            write();
            file.force();
            memory = new Memory(file.entries(), new long[0], new int[0], 0);
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
