package io.ottla.controller;

import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which replicas are offline, as brokers have told. No node says it, so that it is carried over where a topic is read
 * anew; it holds as long as the process of the broker that told it lives, also while that one is fenced, and no longer than
 * until the replica is in sync again.
 */
final class OfflineMarks {
    private OfflineMarks() {}

    /**
     * The topic as found, with the marks that it had. Who is in sync by a state that has changed since may have caught up: were
     * it still offline, its broker would tell again.
     *
     * @param known the cluster as it was
     * @param isSameLife whether a broker is the same process as then
     */
    static TopicImage carried(TopicImage found, ClusterImage known, Predicate<BrokerId> isSameLife) {
        TopicImage marked = known.topic(found.name());
        if (marked == null || !marked.id().equals(found.id())) {
            return found;
        }
        TopicImage topic = found;
        for (int number = 0; number < found.partitions().size(); number++) {
            PartitionImage partition = marked.partition(number);
            if (partition != null && !partition.offline().isEmpty()) {
                PartitionImage now = found.partition(number);
                boolean isUnchanged = now.partitionEpoch().equals(partition.partitionEpoch());
                List<BrokerId> still = partition.offline().stream()
                        .filter(broker -> isSameLife.test(broker)
                                && (isUnchanged || !now.inSync().contains(broker)))
                        .toList();
                topic = topic.with(number, now.withOffline(still));
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
                List<BrokerId> still = state.offline().stream()
                        .filter(broker -> draft.registrations().isSameLife(broker, before))
                        .toList();
                if (still.size() < state.offline().size()) {
                    draft.decide(new MetadataChange.PartitionSet(topic.name(), number, state.withOffline(still)));
                }
            }
        }
    }
}
