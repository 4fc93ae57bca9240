package io.ottla.coordinator.group;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What of a step of the cluster matters to groups.
 *
 * @param gone names of topics that are no more
 * @param changed names of topics that came, went, grew or moved
 * @param named whether there are other topics than before
 * @param racks whether brokers are in other racks than before
 */
record TopicChanges(Set<String> gone, Set<String> changed, boolean named, boolean racks) {
    static TopicChanges of(ImageStep step) {
        Set<String> gone = new HashSet<>();
        Set<String> changed = new HashSet<>();
        boolean named = false;
        boolean racks = false;
        for (MetadataChange change : step.changes()) {
            switch (change) {
                case MetadataChange.TopicGone(TopicImage topic) -> {
                    gone.add(topic.name());
                    changed.add(topic.name());
                    named = true;
                }
                case MetadataChange.TopicSet(TopicImage topic) -> {
                    changed.add(topic.name());
                    named |= step.before().topic(topic.name()) == null;
                }
                case MetadataChange.PartitionSet(String topic, int number, PartitionImage state) -> {
                    if (hasMoved(step, topic, number, state)) {
                        changed.add(topic);
                    }
                }
                case MetadataChange.BrokerSet(BrokerImage broker) -> racks |= hasOtherRack(step, broker);
                case MetadataChange.BrokerGone _,
                        MetadataChange.ControllerSet _,
                        MetadataChange.ConfigSet _,
                        MetadataChange.FeaturesSet _,
                        MetadataChange.AccessSet _ -> {}
            }
        }
        return new TopicChanges(gone, changed, named, racks);
    }

    private static boolean hasMoved(ImageStep step, String topic, int number, PartitionImage state) {
        TopicImage before = step.before().topic(topic);
        PartitionImage was = before == null ? null : before.partition(number);
        return was == null || !was.replicas().equals(state.replicas());
    }

    private static boolean hasOtherRack(ImageStep step, BrokerImage broker) {
        BrokerImage before = step.before().brokers().get(broker.id());
        return broker.rack() != null && before == null
                || before != null && !Objects.equals(before.rack(), broker.rack());
    }
}
