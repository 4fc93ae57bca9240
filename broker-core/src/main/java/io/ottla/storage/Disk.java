package io.ottla.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The file system as logs see it: the port through which tests tear writes, drop what was not forced, and fill the
 * disk. Thread-safe. Threads that use its channels must not be interrupted: that would close the channel.
 */
public interface Disk {
    /** The machine's own file system. */
    static Disk system() {
        return SystemDisk.INSTANCE;
    }

    /** A file's name and its bytes. */
    record Entry(Path path, boolean folder, long bytes) {}

    FileChannel open(Path file, OpenOption... options) throws IOException;

    /** Makes a file that only its owner may read, where the file system knows owners, and opens it to write. */
    default FileChannel openSecret(Path file) throws IOException {
        return open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The file as the page cache sees it; {@link CachedFile#UNKNOWN} where that can't be told. Blocks. */
    default CachedFile cached(Path file) {
        return CachedFile.UNKNOWN;
    }

    /** Forces the folder's entries: files made, renamed or deleted in it. */
    void syncFolder(Path folder) throws IOException;

    /** Renames in one step; what stood at the target is gone. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file or an empty folder; true where there was one. */
    boolean delete(Path file) throws IOException;

    /** Makes the folder and those above it where they are missing. */
    void createFolder(Path folder) throws IOException;

    /** What lies in the folder, sorted by name. */
    List<Entry> list(Path folder) throws IOException;

    boolean exists(Path file);

    /** Bytes of the file. */
    long size(Path file) throws IOException;

    /** When it was changed last, in milliseconds since 1970. */
    long lastModifiedMs(Path file) throws IOException;

    /** Makes it seem that it was changed last at that time. */
    void setLastModifiedMs(Path file, long timeMs) throws IOException;

    /** Bytes that may still be written in the file system of this folder. */
    long usableBytes(Path folder) throws IOException;

    /** Bytes that the file system of this folder holds in all. */
    long totalBytes(Path folder) throws IOException;

    /** Takes an exclusive lock on the file, making it; empty where another process or broker has it. */
    Optional<Closeable> lock(Path file) throws IOException;
}
