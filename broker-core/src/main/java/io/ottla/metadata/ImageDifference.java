package io.ottla.metadata;

import io.ottla.types.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The changes that lead from one image to another: applying them to the first gives the second, but for its version and
 * cluster id. Pure. The order is always the same: what goes comes before what is new, so that a topic that was deleted
 * and made again is first taken away.
 */
@SuppressWarnings("ReferenceEquality") // what two images share is the same object, and is not looked into
public final class ImageDifference {
    private ImageDifference() {}

    public static List<MetadataChange> between(ClusterImage before, ClusterImage after) {
        TreeSet<String> topics = new TreeSet<>();
        if (before.topics() != after.topics()) {
            topics.addAll(before.topics().keySet());
            topics.addAll(after.topics().keySet());
        }
        return between(before, after, topics);
    }

    /** The same where it is known that no other topics differ than these. */
    public static List<MetadataChange> between(ClusterImage before, ClusterImage after, SortedSet<String> topics) {
        List<MetadataChange> changes = new ArrayList<>();
        if (!before.controller().equals(after.controller())) {
            changes.add(new MetadataChange.ControllerSet(after.controller()));
        }
        if (!before.features().equals(after.features())) {
            changes.add(new MetadataChange.FeaturesSet(after.features()));
        }
        if (!before.access().equals(after.access())) {
            changes.add(new MetadataChange.AccessSet(after.access()));
        }
        if (before.brokers() != after.brokers()) {
            brokers(before, after, changes);
        }
        if (before.configs() != after.configs()) {
            configs(before, after, changes);
        }
        topics(before, after, topics, changes);
        return changes;
    }

    private static void brokers(ClusterImage before, ClusterImage after, List<MetadataChange> changes) {
        for (BrokerId id : before.brokers().keySet()) {
            if (!after.brokers().containsKey(id)) {
                changes.add(new MetadataChange.BrokerGone(id));
            }
        }
        for (BrokerImage broker : after.brokers().values()) {
            if (!broker.equals(before.brokers().get(broker.id()))) {
                changes.add(new MetadataChange.BrokerSet(broker));
            }
        }
    }

    private static void configs(ClusterImage before, ClusterImage after, List<MetadataChange> changes) {
        for (ConfigResourceName resource : before.configs().keySet()) {
            if (!after.configs().containsKey(resource)) {
                changes.add(new MetadataChange.ConfigSet(resource, ConfigImage.EMPTY));
            }
        }
        for (Map.Entry<ConfigResourceName, ConfigImage> entry : after.configs().entrySet()) {
            if (!entry.getValue().equals(before.configs().get(entry.getKey()))) {
                changes.add(new MetadataChange.ConfigSet(entry.getKey(), entry.getValue()));
            }
        }
    }

    private static void topics(
            ClusterImage before, ClusterImage after, SortedSet<String> names, List<MetadataChange> changes) {
        for (String name : names) {
            TopicImage old = before.topics().get(name);
            TopicImage now = after.topics().get(name);
            if (old != null && (now == null || isAnother(old, now))) {
                changes.add(new MetadataChange.TopicGone(old));
            }
        }
        for (String name : names) {
            TopicImage old = before.topics().get(name);
            TopicImage now = after.topics().get(name);
            if (now != null && old != now) {
                topic(old, now, changes);
            }
        }
    }

    private static void topic(TopicImage old, TopicImage now, List<MetadataChange> changes) {
        if (old == null
                || !old.id().equals(now.id())
                || old.deleting() != now.deleting()
                || old.partitions().size() != now.partitions().size()) {
            changes.add(new MetadataChange.TopicSet(now));
            return;
        }
        for (int partition = 0; partition < now.partitions().size(); partition++) {
            PartitionImage state = now.partitions().get(partition);
            if (!state.equals(old.partitions().get(partition))) {
                changes.add(new MetadataChange.PartitionSet(now.name(), partition, state));
            }
        }
    }

    /** An id given to a topic that had none is no other topic; two ids are two topics. */
    private static boolean isAnother(TopicImage old, TopicImage now) {
        return !old.id().isZero() && !old.id().equals(now.id());
    }
}
