package io.ottla.cluster;

import io.ottla.metadata.ChangeCodec;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import java.nio.ByteBuffer;
import java.util.List;

/** A step on its way to brokers, turned into bytes once for all of them. Thread-safe. */
public final class PublishedStep {
    private final ImageVersion version;
    private final List<MetadataChange> changes;
    private volatile ByteBuffer encoded;

    /** @param version where it leads; the step before is the one of the number before */
    public PublishedStep(ImageVersion version, List<MetadataChange> changes) {
        this.version = version;
        this.changes = List.copyOf(changes);
    }

    public ImageVersion version() {
        return version;
    }

    public List<MetadataChange> changes() {
        return changes;
    }

    /** A view of its own on bytes that stay as they are. */
    public ByteBuffer encoded() {
        ByteBuffer bytes = encoded;
        if (bytes == null) {
            bytes = ChangeCodec.encode(changes);
            encoded = bytes;
        }
        return bytes.duplicate();
    }

    @Override
    public String toString() {
        return "step to " + version + " of " + changes.size() + " changes";
    }
}
