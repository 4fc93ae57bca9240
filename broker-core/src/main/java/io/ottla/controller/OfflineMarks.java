package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which replicas are offline, as brokers have told. No node says it, so that it is carried over where a topic is read
 * anew; it holds as long as the registration of the broker that told it.
 */
final class OfflineMarks {
    private OfflineMarks() {}

    /**
     * The topic as found, with the marks that it had.
     *
     * @param known the cluster as it was
     * @param brokers who lives now
     */
    static TopicImage carried(TopicImage found, ClusterImage known, Map<BrokerId, BrokerImage> brokers) {
        TopicImage before = known.topic(found.name());
        if (before == null || !before.id().equals(found.id())) {
            return found;
        }
        TopicImage topic = found;
        for (int number = 0; number < found.partitions().size(); number++) {
            PartitionImage marked = before.partition(number);
            if (marked != null && !marked.offline().isEmpty()) {
                List<BrokerId> still = marked.offline().stream()
                        .filter(broker -> isSame(known.brokers().get(broker), brokers.get(broker)))
                        .toList();
                topic = topic.with(number, found.partition(number).withOffline(still));
            }
        }
        return topic;
    }

    private static boolean isSame(BrokerImage before, BrokerImage now) {
        return before != null && now != null && before.epoch().equals(now.epoch());
    }

    /**
     * Takes back what was told by brokers that are gone, or have registered anew.
     *
     * @param restarted the latter
     */
    static void drop(Draft draft, Set<BrokerId> restarted) {
        Set<BrokerId> live = draft.image().brokers().keySet();
        for (TopicImage topic : List.copyOf(draft.image().topics().values())) {
            for (int number = 0; number < topic.partitions().size(); number++) {
                PartitionImage state = topic.partition(number);
                if (state.offline().isEmpty()) {
                    continue;
                }
                List<BrokerId> still = state.offline().stream()
                        .filter(broker -> live.contains(broker) && !restarted.contains(broker))
                        .toList();
                if (still.size() < state.offline().size()) {
                    draft.decide(new MetadataChange.PartitionSet(topic.name(), number, state.withOffline(still)));
                }
            }
        }
    }
}
