package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import io.ottla.protocol.GrowingBytes;
import io.ottla.protocol.MalformedFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole image as bytes: the changes that lead to it from nothing, in as many parts as there are needed. About 12 bytes a
 * partition of three replicas, and 25 and its name a topic.
 *
 * <pre>
 *   clusterId   string
 *   changes     see {@link ChangeCodec}
 *   tagged fields
 * </pre>
 *
 * Its place in history travels beside it. Immutable; any thread.
 */
public final class ImageCodec {
    /** More bytes than that are not put into a part, unless one change has them: some 300,000 partitions. */
    private static final long PART_BYTES_AT_MOST = 16 << 20;

    private ImageCodec() {}

    /**
     * The parts of an image, one or more.
     *
     * @throws IllegalArgumentException where one change takes more than {@link ChangeCodec#MAX_BYTES}
     */
    public static List<ByteBuffer> encode(ClusterImage image) {
        return encode(image, PART_BYTES_AT_MOST);
    }

    /** @param partBytes see {@link ChangeSize} */
    static List<ByteBuffer> encode(ClusterImage image, long partBytes) {
        List<ByteBuffer> parts = new ArrayList<>();
        List<MetadataChange> all = ImageDifference.between(ClusterImage.EMPTY, image);
        int begin = 0;
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            long one = ChangeSize.bytesAtMost(all.get(i));
            if (i > begin && bytes + one > partBytes) {
                parts.add(part(image.clusterId(), all.subList(begin, i)));
                begin = i;
                bytes = 0;
            }
            bytes += one;
        }
        parts.add(part(image.clusterId(), all.subList(begin, all.size())));
        return parts;
    }

    private static ByteBuffer part(String clusterId, List<MetadataChange> changes) {
        return GrowingBytes.of(ChangeCodec.MAX_BYTES, to -> {
            Compact.writeString(to, clusterId);
            ChangeCodec.write(to, changes);
            Compact.writeNoTags(to);
        });
    }

    /**
     * One part of an image.
     *
     * @throws MalformedFrame where the bytes are none
     */
    public static ImagePart decode(ByteBuffer bytes) {
        return Malformed.guard("an image of the cluster", () -> {
            BoundedReadable from = ChangeCodec.readable(bytes);
            ImagePart part = new ImagePart(Compact.readString(from), ChangeCodec.read(from));
            Compact.skipTags(from);
            return part;
        });
    }

    /**
     * An image of one part.
     *
     * @throws MalformedFrame where the bytes are no image
     */
    public static ClusterImage decode(ByteBuffer bytes, ImageVersion version) {
        return Malformed.guard("an image of the cluster", () -> decode(bytes).after(ClusterImage.EMPTY, version));
    }
}
