package io.ottla.metadata;

import io.ottla.protocol.BoundedReadable;
import io.ottla.protocol.Compact;
import io.ottla.protocol.GrowingBytes;
import io.ottla.protocol.MalformedFrame;
import java.nio.ByteBuffer;

/**
 * A whole image as bytes: the changes that lead to it from nothing. About 12 bytes a partition of three replicas, and 25
 * and its name a topic.
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
    private ImageCodec() {}

    /**
     * The bytes of an image.
     *
     * @throws IllegalArgumentException where they are more than {@link ChangeCodec#MAX_BYTES}
     */
    public static ByteBuffer encode(ClusterImage image) {
        return GrowingBytes.of(ChangeCodec.MAX_BYTES, to -> {
            Compact.writeString(to, image.clusterId());
            ChangeCodec.write(to, ImageDifference.between(ClusterImage.EMPTY, image));
            Compact.writeNoTags(to);
        });
    }

    /**
     * The image at that place in history.
     *
     * @throws MalformedFrame where the bytes are no image
     */
    public static ClusterImage decode(ByteBuffer bytes, ImageVersion version) {
        return Malformed.guard("an image of the cluster", () -> {
            BoundedReadable from = ChangeCodec.readable(bytes);
            ClusterImage nothing = ClusterImage.EMPTY.of(Compact.readString(from));
            ClusterImage image = nothing.with(version, ChangeCodec.read(from));
            Compact.skipTags(from);
            return image;
        });
    }
}
