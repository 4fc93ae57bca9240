package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageCodec;
import java.nio.ByteBuffer;

/** A whole image on its way to brokers, turned into bytes once for all of them. Thread-safe. */
public final class PublishedImage {
    private final ClusterImage image;
    private ByteBuffer encoded;

    public PublishedImage(ClusterImage image) {
        this.image = image;
    }

    public ClusterImage image() {
        return image;
    }

    /** A view of its own on bytes that stay as they are. Takes a while for the first who asks, and those who ask meanwhile. */
    public synchronized ByteBuffer encoded() {
        if (encoded == null) {
            encoded = ImageCodec.encode(image);
        }
        return encoded.duplicate();
    }

    @Override
    public String toString() {
        return "image at " + image.version();
    }
}
