package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file of an index: entries of one size, read by their number. It is made and opened when first needed, and never
 * larger than its entries once they are {@linkplain #append appended}. Reads are safe from any thread; an index that
 * must not see its file change does so under the file's monitor.
 */
final class IndexFile {
    private final Disk disk;
    private final Path path;
    private final int entryBytes;
    private volatile FileChannel channel;
    private int entries;

    /** @param entries of them that are good; the rest of the file is cut at the next {@link #append} */
    IndexFile(Disk disk, Path path, int entryBytes, int entries) {
        this.disk = disk;
        this.path = path;
        this.entryBytes = entryBytes;
        this.entries = entries;
    }

    /** How many lie in the file. */
    synchronized int entries() {
        return entries;
    }

    /** So many entries from that number on. Blocks. */
    ByteBuffer read(int number, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * entryBytes);
        ChannelBytes.readFully(channel(), bytes, (long) number * entryBytes);
        return bytes.flip();
    }

    /** Room for entries that are to be {@linkplain #append appended}: those of so many in all that are not in the file. */
    synchronized ByteBuffer roomUpTo(int total) {
        return ByteBuffer.allocate((total - entries) * entryBytes);
    }

    /** Writes entries behind the others, unforced, and cuts what the file holds beyond. Blocks. */
    synchronized void append(ByteBuffer added) throws IOException {
        FileChannel out = channel();
        int count = added.remaining() / entryBytes;
        if (count > 0) {
            ChannelBytes.write(out, added, (long) entries * entryBytes);
            entries += count;
        }
        long size = (long) entries * entryBytes;
        if (out.size() > size) {
            out.truncate(size);
        }
    }

    /** Cuts all but the first so many, where there are more. Blocks. */
    synchronized void keep(int count) throws IOException {
        if (entries > count) {
            entries = count;
            channel().truncate((long) count * entryBytes);
        }
    }

    /** Brings the file to disk. Blocks. */
    void force() throws IOException {
        channel().force(true);
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        return open != null ? open : open();
    }

    /** Opens it, and makes it where there is none. Blocks. */
    synchronized FileChannel open() throws IOException {
        if (channel == null) {
            channel = disk.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }

    synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
