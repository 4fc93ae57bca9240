package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.List;

/**
 * Which replicas are offline, as brokers have told. No node says it, so that it is carried over where a topic is read
 * anew; it holds as long as the process of the broker that told it lives, also while that one is fenced, and no longer than
 * until the replica is in sync again.
 */
final class OfflineMarks {
    private OfflineMarks() {}

    /**
     * The topic as found, with the marks that it had.
     *
     * @param known the cluster as it was
     * @param before who was registered then
     * @param now who is registered now
     */
    static TopicImage carried(TopicImage found, ClusterImage known, Registrations before, Registrations now) {
        TopicImage marked = known.topic(found.name());
        if (marked == null || !marked.id().equals(found.id())) {
            return found;
        }
        TopicImage topic = found;
        for (int number = 0; number < found.partitions().size(); number++) {
            PartitionImage partition = marked.partition(number);
            if (partition != null && !partition.offline().isEmpty()) {
                topic = topic.with(
                        number, found.partition(number).withOffline(still(partition.offline(), before, now)));
            }
        }
        return topic;
    }

    /** Takes back what was told by brokers that are gone, or were restarted. */
    static void drop(Draft draft, Registrations before) {
        for (TopicImage topic : List.copyOf(draft.image().topics().values())) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                PartitionImage state = topic.partition(number);
                if (state.offline().isEmpty()) {
                    continue;
                }
                List<BrokerId> still = still(state.offline(), before, draft.registrations());
                if (still.size() < state.offline().size()) {
                    draft.decide(new MetadataChange.PartitionSet(topic.name(), number, state.withOffline(still)));
                }
            }
        }
    }

    private static List<BrokerId> still(List<BrokerId> offline, Registrations before, Registrations now) {
        return offline.stream().filter(broker -> now.isSameLife(broker, before)).toList();
    }
}
