package io.ottla.record;

import java.nio.ByteBuffer;

/**
 * Tells without decompressing how large compressed records can become at most: by the format's best ratio, and for zstd,
 * which has none worth the name, by walking its frames' block headers (RFC 8878, section 3.1.1: a block yields at most
 * 128 KiB).
 */
final class DecompressedBound {
    private static final int GZIP_RATIO = 1032;
    private static final int SNAPPY_RATIO = 64;
    private static final int LZ4_RATIO = 255;

    private static final int ZSTD_MAGIC = 0x28B52FFD;
    private static final long ZSTD_BLOCK_BYTES = 128L << 10;
    private static final int[] ZSTD_DICTIONARY_ID_BYTES = {0, 1, 2, 4};

    private DecompressedBound() {}

    /** Bytes that the range can become at most; {@link Long#MAX_VALUE} where it does not tell. */
    static long of(Codec codec, ByteBuffer buffer, int from, int to) {
        long size = (long) to - from;
        return switch (codec) {
            case NONE -> size;
            case GZIP -> size * GZIP_RATIO;
            case SNAPPY -> size * SNAPPY_RATIO;
            case LZ4 -> size * LZ4_RATIO;
            case ZSTD -> zstd(buffer, from, to);
        };
    }

    private static long zstd(ByteBuffer buffer, int from, int to) {
        long bound = 0;
        int at = from;
        while (at < to) {
            if (to - at < 5 || buffer.getInt(at) != ZSTD_MAGIC) {
                return Long.MAX_VALUE;
            }
            byte descriptor = buffer.get(at + 4);
            at += 5 + headerBytesAfter(descriptor);
            boolean last = false;
            while (!last) {
                if (to - at < 3) {
                    return Long.MAX_VALUE;
                }
                int block =
                        (buffer.get(at) & 0xff) | (buffer.get(at + 1) & 0xff) << 8 | (buffer.get(at + 2) & 0xff) << 16;
                last = (block & 1) != 0;
                boolean repeated = (block >> 1 & 3) == 1;
                int content = repeated ? 1 : block >>> 3;
                if (content > to - at - 3) {
                    return Long.MAX_VALUE;
                }
                at += 3 + content;
                bound += ZSTD_BLOCK_BYTES;
            }
            at += (descriptor & 0x04) == 0 ? 0 : 4;
        }
        return bound;
    }

    /** Bytes of window, dictionary id and content size, which a frame's descriptor announces. */
    private static int headerBytesAfter(byte descriptor) {
        boolean singleSegment = (descriptor & 0x20) != 0;
        int contentSize = (descriptor >> 6) & 3;
        int contentSizeBytes = contentSize == 0 ? (singleSegment ? 1 : 0) : 1 << contentSize;
        return (singleSegment ? 0 : 1) + ZSTD_DICTIONARY_ID_BYTES[descriptor & 3] + contentSizeBytes;
    }
}
