package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Checks the lengths in a snappy stream before a decoder allocates by them (CVE-2023-34455, CVE-2023-43642: a chunk of
 * a few bytes that claims hundreds of megabytes). Reads frames as snappy-java's stream writes them; a stream without
 * its header is one raw block.
 *
 * <pre>
 *   0  magic       8 bytes  82 53 4e 41 50 50 59 00
 *   8  version     int32
 *  12  compatible  int32
 *  16  chunks               each an int32 length and a raw block; the header may come again between chunks
 * </pre>
 */
final class SnappyFraming {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int HEADER_SIZE = 16;

    /** A copy of three bytes yields at most 64 bytes; no block grows by more than this. */
    private static final int MAX_EXPANSION = 64;

    private SnappyFraming() {}

    /** Whether every length fits the bytes that are there. */
    static boolean isPlausible(ByteBuffer compressed) {
        int at = compressed.position();
        int end = compressed.limit();
        if (!isHeader(compressed, at, end)) {
            return isPlausibleBlock(compressed, at, end);
        }
        while (at < end) {
            if (isHeader(compressed, at, end)) {
                at += HEADER_SIZE;
                continue;
            }
            if (end - at < 4) {
                return false;
            }
            int length = compressed.getInt(at);
            at += 4;
            if (length <= 0 || length > end - at || !isPlausibleBlock(compressed, at, at + length)) {
                return false;
            }
            at += length;
        }
        return true;
    }

    private static boolean isHeader(ByteBuffer compressed, int at, int end) {
        return end - at >= HEADER_SIZE && compressed.getLong(at) == MAGIC;
    }

    /** A raw block begins with its uncompressed length as a varint. */
    private static boolean isPlausibleBlock(ByteBuffer compressed, int from, int to) {
        long claimed = 0;
        int at = from;
        for (int shift = 0; ; shift += 7) {
            if (at == to || shift > 28) {
                return false;
            }
            byte b = compressed.get(at++);
            claimed |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        return claimed <= (long) MAX_EXPANSION * (to - from);
    }
}
