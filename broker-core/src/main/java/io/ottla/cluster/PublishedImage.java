package io.ottla.cluster;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ImageCodec;
import java.nio.ByteBuffer;
import java.util.List;

/** A whole image on its way to brokers, turned into bytes once for all of them. Thread-safe. */
public final class PublishedImage {
    private final ClusterImage image;
    private List<ByteBuffer> parts;

    public PublishedImage(ClusterImage image) {
        this.image = image;
    }

    public ClusterImage image() {
        return image;
    }

    /**
     * Its parts as bytes, which stay as they are: to be read through views of one's own. Takes a while for the first who
     * asks, and those who ask meanwhile.
     */
    public synchronized List<ByteBuffer> parts() {
        if (parts == null) {
            parts = List.copyOf(ImageCodec.encode(image));
        }
        return parts;
    }

    @Override
    public String toString() {
        return "image at " + image.version();
    }
}
