package io.ottla.api;

import io.ottla.coordinator.Shards;
import io.ottla.metadata.ClusterImage;
import io.ottla.types.BrokerId;
import java.util.function.Supplier;

/**
 * Coordinators by the cluster's picture: the leader of that partition of the kind's internal topic that the key's hash
 * falls on, as Kafka has it, so that both find the same.
 */
public final class ImageCoordinators implements CoordinatorDirectory {
    private final Supplier<ClusterImage> image;

    public ImageCoordinators(Supplier<ClusterImage> image) {
        this.image = image;
    }

    @Override
    public BrokerId coordinator(Kind kind, String key) {
        return Shards.keeperOf(image.get(), kind.topic(), key);
    }
}
