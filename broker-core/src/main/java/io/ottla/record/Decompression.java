package io.ottla.record;

import io.ottla.types.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * Opens compressed records with the codecs of kafka-clients, never yielding more bytes than allowed, so that a few
 * kilobytes can't become gigabytes. Keeps the codecs' buffers for the next use; not thread-safe.
 */
final class Decompression {
    /** What a batch may become by default, bytes: a thousand times less than a zstd bomb of a megabyte. */
    static final int DEFAULT_MAX_BYTES = 256 << 20;

    private static final int FIRST_BYTES = 16 << 10;

    /** By {@link Codec#id}. */
    private static final Compression[] CODECS = {
        Compression.NONE,
        Compression.gzip().build(),
        Compression.snappy().build(),
        Compression.lz4().build(),
        Compression.zstd().build()
    };

    private final BufferSupplier buffers = BufferSupplier.create();
    private final int maxBytes;

    /** @param maxBytes what one batch may become at most */
    Decompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Kafka's codec at its default level; reads streams of every level. */
    static Compression ordinary(Codec codec) {
        return CODECS[codec.id()];
    }

    /** Kafka's codec that writes at this level; snappy has none. */
    static Compression at(Codec codec, int level) {
        return switch (codec) {
            case NONE, SNAPPY -> ordinary(codec);
            case GZIP -> Compression.gzip().level(level).build();
            case LZ4 -> Compression.lz4().level(level).build();
            case ZSTD -> Compression.zstd().level(level).build();
        };
    }

    /**
     * Opens compressed bytes, position to limit, which stay where they are. What the stream yields is not bounded
     * here.
     *
     * @param magic the format of the entry around them: v0 frames lz4 wrongly
     * @throws IOException where they are no such stream
     */
    InputStream open(Codec codec, ByteBuffer compressed, byte magic) throws IOException {
        if (codec == Codec.SNAPPY && !SnappyFraming.isPlausible(compressed)) {
            throw new IOException("snappy chunk lengths do not fit the data");
        }
        try {
            return ordinary(codec).wrapForInput(compressed.duplicate(), magic, buffers);
        } catch (RuntimeException e) {
            throw new IOException("not a " + codec + " stream: " + reason(e), e);
        }
    }

    /**
     * Decompresses all.
     *
     * @return a heap buffer, position 0
     * @throws CorruptRecords where the bytes are no such stream, or become more than allowed
     */
    ByteBuffer all(Codec codec, ByteBuffer compressed, byte magic) {
        return all(codec, compressed, magic, maxBytes);
    }

    /** As above, with a bound of its own. */
    ByteBuffer all(Codec codec, ByteBuffer compressed, byte magic, int most) {
        byte[] bytes = new byte[Math.min(most, Math.max(FIRST_BYTES, 4 * compressed.remaining()))];
        int size = 0;
        try (InputStream stream = open(codec, compressed, magic)) {
            while (true) {
                if (size == bytes.length) {
                    if (size == most) {
                        if (stream.read() < 0) {
                            break;
                        }
                        throw new CorruptRecords(tooLarge(most));
                    }
                    bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * size));
                }
                int read = stream.read(bytes, size, bytes.length - size);
                if (read < 0) {
                    break;
                }
                size += read;
            }
        } catch (CorruptRecords e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw CorruptRecords.because("Expected " + codec + " records, but they can't be opened: " + reason(e));
        }
        return ByteBuffer.wrap(bytes, 0, size);
    }

    static Failure tooLarge(long most) {
        return Failure.of(
                Errors.MESSAGE_TOO_LARGE,
                "Expected records of at most " + most + " bytes once decompressed, but they are more");
    }

    static String reason(Throwable problem) {
        return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
    }
}
