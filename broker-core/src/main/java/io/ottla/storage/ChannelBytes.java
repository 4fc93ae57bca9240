package io.ottla.storage;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads and writes of a whole range, where a channel may do less than asked. */
final class ChannelBytes {
    private ChannelBytes() {}

    /** Writes all that remains in the buffer. */
    static void write(FileChannel channel, ByteBuffer from, long position) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    /** Fills the buffer, or as much as the file has; returns the bytes read. */
    static int read(FileChannel channel, ByteBuffer into, long position) throws IOException {
        int before = into.position();
        while (into.hasRemaining()) {
            int read = channel.read(into, position + into.position() - before);
            if (read < 0) {
                break;
            }
        }
        return into.position() - before;
    }

    /** Fills the buffer. */
    static void readFully(FileChannel channel, ByteBuffer into, long position) throws IOException {
        int wanted = into.remaining();
        int read = read(channel, into, position);
        if (read < wanted) {
            throw new EOFException(
                    "Expected " + wanted + " bytes at position " + position + ", but the file has " + read);
        }
    }
}
