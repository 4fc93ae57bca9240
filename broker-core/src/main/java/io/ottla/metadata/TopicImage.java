package io.ottla.metadata;

import io.ottla.types.TopicId;
import org.pcollections.TreePVector;

/**
 * A topic.
 *
 * @param id {@link TopicId#ZERO} where software that predates ids made it and none was given yet
 * @param partitions by number, from 0 without gaps
 * @param deleting whether its deletion is under way: it takes no new work
 */
public record TopicImage(String name, TopicId id, TreePVector<PartitionImage> partitions, boolean deleting) {
    /** Null where there is no such partition. */
    public PartitionImage partition(int number) {
        return number >= 0 && number < partitions.size() ? partitions.get(number) : null;
    }

    /** The same topic with one partition as given. */
    public TopicImage with(int number, PartitionImage state) {
        return new TopicImage(name, id, TreePVector.from(partitions.with(number, state)), deleting);
    }

    /** The same topic on its way out. */
    public TopicImage doomed() {
        return new TopicImage(name, id, partitions, true);
    }
}
