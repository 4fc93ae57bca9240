package io.ottla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that are read and written whole. A write is whole or not there at all, also after a crash. */
final class SmallFile {
    /** More than any such file of a sane size; more is refused. */
    private static final long MAX_BYTES = 256L << 20;

    private static final String TEMPORARY = ".tmp";

    private SmallFile() {}

    /** Puts new content in the file's place: written beside it, forced, renamed, and the folder forced. */
    static void replace(Disk disk, Path file, ByteBuffer content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY);
        try (FileChannel channel = disk.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ChannelBytes.write(channel, content, 0);
            channel.force(true);
        }
        disk.move(temporary, file);
        disk.syncFolder(file.toAbsolutePath().getParent());
    }

    static ByteBuffer read(Disk disk, Path file) throws IOException {
        try (FileChannel channel = disk.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size > MAX_BYTES) {
                throw new MalformedFileException(
                        "Expected at most " + MAX_BYTES + " bytes in " + file + ", but it has " + size);
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            ChannelBytes.read(channel, content, 0);
            return content.flip();
        }
    }
}
