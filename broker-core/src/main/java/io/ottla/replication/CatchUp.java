package io.ottla.replication;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;

/**
 * What a broker that has just started has yet to do before another one may stop: partitions that it is to open, or to
 * lead, and copies of it that are not in sync though somebody leads them. What waiting does not mend is not counted: partitions
 * that nobody leads, those of a failed folder that this broker alone had, and copies that a reassignment is still making.
 *
 * @param opening partitions whose log is not open yet, or which it is to lead and does not yet
 * @param behind partitions that a live broker leads, with this one not in the in-sync set
 */
public record CatchUp(int opening, int behind) {
    /** Whether nothing is left to do. */
    public boolean isDone() {
        return opening == 0 && behind == 0;
    }

    static CatchUp of(Replicas replicas) {
        ClusterImage image = replicas.image();
        int[] counts = {0, 0};
        replicas.each(partition -> {
            TopicImage topic = image.topic(partition.name().topic());
            PartitionImage state = topic == null || topic.deleting()
                    ? null
                    : topic.partition(partition.name().partition());
            if (state != null && isOpening(partition.role(), state, replicas.self())) {
                counts[0]++;
            } else if (state != null && isBehind(state, replicas.self(), image)) {
                counts[1]++;
            }
        });
        return new CatchUp(counts[0], counts[1]);
    }

    private static boolean isOpening(Role role, PartitionImage state, BrokerId self) {
        return switch (role) {
            case Role.Opening _ -> true;
            case Role.Following _ -> state.leader().equals(self);
            case Role.Leading _, Role.Offline _, Role.Gone _ -> false;
        };
    }

    private static boolean isBehind(PartitionImage state, BrokerId self, ClusterImage image) {
        return !state.leader().equals(self)
                && image.brokers().containsKey(state.leader())
                && !state.inSync().contains(self)
                && !state.adding().contains(self);
    }
}
