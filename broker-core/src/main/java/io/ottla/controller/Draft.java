package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ClusterImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.ImageDifference;
import io.ottla.metadata.ImageStep;
import io.ottla.metadata.ImageVersion;
import io.ottla.metadata.MetadataChange;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
import io.ottla.types.Failure;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.Errors;

/**
 * The cluster as its controller is about to make it: what the store has, and what it shall have. Machines change the
 * image only; the writes are what makes the difference between the two, and the step to publish is what makes the
 * difference to what was published last. Where a write fails, the draft is thrown away and made anew from the store.
 *
 * <p>Belongs to the controller's thread.
 */
final class Draft {
    /** Writes that go together at most, so that a list stays far below the store's bound in bytes. */
    private static final int WRITES_TOGETHER = 200;

    private static final int BYTES_FOR_A_WRITE = 4_000;

    private ClusterImage stored;
    private ClusterImage image;
    private final Map<String, Integer> nodeVersions = new HashMap<>();
    private final Map<String, Set<String>> namesByKey = new HashMap<>();
    private final Set<String> touchedTopics = new LinkedHashSet<>();
    private final Set<ConfigResourceName> touchedConfigs = new LinkedHashSet<>();
    private final Set<String> frozen = new HashSet<>();
    private final List<StoreWrite> asides = new ArrayList<>();
    private Registrations registrations;
    private StoredReassignments moves = StoredReassignments.NONE;

    /**
     * @param stored what the store has, but for brokers that are fenced
     * @param registrations who is registered, those included
     */
    Draft(ClusterImage stored, Registrations registrations, Map<String, Integer> nodeVersions) {
        this.stored = stored;
        this.registrations = registrations;
        this.image = stored;
        this.nodeVersions.putAll(nodeVersions);
        stored.topics().keySet().forEach(this::index);
    }

    /** The cluster as it shall be. */
    ClusterImage image() {
        return image;
    }

    /** Who is registered, fenced ones included. */
    Registrations registrations() {
        return registrations;
    }

    /** Takes in who is registered, and what is known of them: the image has all that are not fenced. */
    void observe(Registrations next) {
        registrations = next;
        for (BrokerId known : List.copyOf(image.brokers().keySet())) {
            if (!next.isLive(known)) {
                observe(new MetadataChange.BrokerGone(known));
            }
        }
        for (BrokerImage broker : next.live()) {
            if (!broker.equals(image.brokers().get(broker.id()))) {
                observe(new MetadataChange.BrokerSet(broker));
            }
        }
    }

    /**
     * Takes in a topic as it was known, whose nodes can't be read now: it stays so, and whatever is decided of it comes to
     * nothing, until something is found of it. Without it brokers would take it for deleted.
     */
    void freeze(TopicImage known) {
        observe(new MetadataChange.TopicSet(known));
        frozen.add(known.name());
    }

    boolean isFrozen(String topic) {
        return frozen.contains(topic);
    }

    /** What to say to who wants a topic changed; null where that can be. */
    Failure frozenFault(String topic) {
        return isFrozen(topic)
                ? Failure.of(
                        Errors.UNKNOWN_SERVER_ERROR,
                        "Expected to read what the store has of topic " + topic
                                + ", but a node of it makes no sense; it stays as it is until that one is mended")
                : null;
    }

    /** Why nothing can be decided of a partition; null where something can. */
    Failure fault(TopicPartition name) {
        TopicImage topic = image.topic(name.topic());
        PartitionImage partition = topic == null || topic.deleting() ? null : topic.partition(name.partition());
        return partition == null || partition.isUnborn()
                ? Failure.of(Errors.UNKNOWN_TOPIC_OR_PARTITION)
                : frozenFault(name.topic());
    }

    /** Takes in what has been found in the store. */
    void observe(MetadataChange change) {
        frozen.remove(topic(change));
        stored = stored.with(change);
        decide(change);
    }

    /** Takes in which moves of partitions somebody asks for by the node: it has to go when none is left. */
    void observe(StoredReassignments asked) {
        moves = asked;
    }

    /** Those of the moves that are asked for by the node that still run. */
    private Map<TopicPartition, List<BrokerId>> movesLeft() {
        Map<TopicPartition, List<BrokerId>> left = new LinkedHashMap<>();
        moves.targets().forEach((name, target) -> {
            PartitionImage partition = image.partition(name);
            if (partition != null
                    && partition.isMoving()
                    && Reassignment.target(partition).equals(target)) {
                left.put(name, target);
            }
        });
        return left;
    }

    /** Takes in a topic that has been found in the store. */
    void observe(StoredTopic found) {
        observe(new MetadataChange.TopicSet(found.topic()));
        nodeVersions.put(found.topic().name(), found.nodeVersion());
    }

    /** Takes in that a topic's node has been written, with what is known already. */
    void observe(int nodeVersion, String topic) {
        nodeVersions.put(topic, nodeVersion);
    }

    /** Wants something that is not in the store yet. A partition's state gets the epoch that it will be stored with. */
    void decide(MetadataChange change) {
        if (frozen.contains(topic(change))) {
            return;
        }
        image = image.with(
                change instanceof MetadataChange.PartitionSet(String topic, int number, PartitionImage state)
                        ? new MetadataChange.PartitionSet(topic, number, numbered(topic, number, state))
                        : change);
        switch (change) {
            case MetadataChange.TopicSet(TopicImage topic) -> {
                touchedTopics.add(topic.name());
                index(topic.name());
            }
            case MetadataChange.TopicGone(TopicImage topic) -> {
                touchedTopics.add(topic.name());
                nodeVersions.remove(topic.name());
                Set<String> names = namesByKey.get(TopicNames.collisionKey(topic.name()));
                if (names != null) {
                    names.remove(topic.name());
                }
            }
            case MetadataChange.PartitionSet set -> touchedTopics.add(set.topic());
            case MetadataChange.ConfigSet set -> touchedConfigs.add(set.resource());
            case MetadataChange.BrokerSet set -> {}
            case MetadataChange.BrokerGone gone -> {}
            case MetadataChange.ControllerSet set -> {}
            case MetadataChange.FeaturesSet set -> {}
            case MetadataChange.AccessSet set -> {}
        }
    }

    /** The topic that it is about; empty where it is about none. */
    private static String topic(MetadataChange change) {
        return switch (change) {
            case MetadataChange.TopicSet(TopicImage topic) -> topic.name();
            case MetadataChange.TopicGone(TopicImage topic) -> topic.name();
            case MetadataChange.PartitionSet set -> set.topic();
            case MetadataChange.ConfigSet _,
                    MetadataChange.BrokerSet _,
                    MetadataChange.BrokerGone _,
                    MetadataChange.ControllerSet _,
                    MetadataChange.FeaturesSet _,
                    MetadataChange.AccessSet _ -> "";
        };
    }

    private PartitionImage numbered(String topic, int number, PartitionImage state) {
        TopicImage known = stored.topic(topic);
        PartitionImage old = known == null ? null : known.partition(number);
        if (old == null || old.isUnborn()) {
            return state;
        }
        PartitionImage same = state.at(old.partitionEpoch());
        return isStoredAlike(old, same)
                ? same
                : same.at(new PartitionEpoch(old.partitionEpoch().value() + 1));
    }

    /** Wants a write that no image shows. */
    void aside(StoreWrite write) {
        asides.add(write);
    }

    /** Null where no topic's name collides with this one. */
    String colliding(String name) {
        Set<String> names = namesByKey.get(TopicNames.collisionKey(name));
        if (names != null) {
            for (String other : names) {
                if (!other.equals(name)) {
                    return other;
                }
            }
        }
        return null;
    }

    /** What has to be written, in lists that go together, in the order in which to write them. */
    List<List<StoreWrite>> writes() {
        List<StoreWrite> all = new ArrayList<>();
        Set<ConfigResourceName> created = new HashSet<>();
        for (String name : touchedTopics) {
            TopicImage after = image.topic(name);
            if (after != null) {
                topicWrites(stored.topic(name), after, all, created);
            }
        }
        for (ConfigResourceName resource : touchedConfigs) {
            ConfigImage after = image.configs().getOrDefault(resource, ConfigImage.EMPTY);
            if (!created.contains(resource)
                    && !after.equals(stored.configs().getOrDefault(resource, ConfigImage.EMPTY))) {
                all.add(new StoreWrite.ConfigReplace(resource, after));
            }
        }
        if (!stored.features().equals(image.features())) {
            all.add(new StoreWrite.FeaturesReplace(image.features()));
        }
        if (moves.isThere()) {
            Map<TopicPartition, List<BrokerId>> left = movesLeft();
            if (left.isEmpty() || left.size() < moves.targets().size()) {
                all.add(new StoreWrite.ReassignmentsReplace(left, moves.version()));
            }
        }
        all.addAll(asides);
        return parted(all);
    }

    /** Before the change itself: a note to a broker that holds the replica still does no harm. */
    private static void noteDeletions(TopicImage before, TopicImage after, List<StoreWrite> all) {
        int both = Math.min(before.partitions().size(), after.partitions().size());
        for (int number = 0;
                number < both && before.id().equals(after.id()) && !after.id().isZero();
                number++) {
            for (BrokerId replica : before.partition(number).replicas()) {
                if (!after.partition(number).replicas().contains(replica)) {
                    all.add(new StoreWrite.DeletionNote(replica, new DeletedLog(after.id(), number), after.name()));
                }
            }
        }
    }

    private void topicWrites(
            TopicImage before, TopicImage after, List<StoreWrite> all, Set<ConfigResourceName> created) {
        String name = after.name();
        if (before == null) {
            ConfigResourceName resource = ConfigResourceName.topic(name);
            all.add(new StoreWrite.TopicCreate(after, image.configs().getOrDefault(resource, ConfigImage.EMPTY)));
            created.add(resource);
        } else if (!before.id().equals(after.id()) || isReassigned(before, after)) {
            noteDeletions(before, after, all);
            all.add(new StoreWrite.TopicReplace(after, nodeVersions.get(name)));
        }
        for (int number = 0; number < after.partitions().size(); number++) {
            PartitionImage old = before == null ? null : before.partition(number);
            PartitionImage now = after.partition(number);
            if (now.isUnborn() || isStoredAlike(old, now)) {
                continue;
            }
            TopicPartition partition = new TopicPartition(name, number);
            if (old == null || old.isUnborn()) {
                all.add(new StoreWrite.PartitionCreate(partition, now));
            } else {
                all.add(new StoreWrite.PartitionReplace(partition, now));
            }
        }
        if (after.deleting() && (before == null || !before.deleting())) {
            all.add(new StoreWrite.DeletionMark(name));
        }
    }

    /** All of it is in the store now. */
    void written() {
        for (String name : touchedTopics) {
            TopicImage before = stored.topic(name);
            TopicImage after = image.topic(name);
            if (after == null) {
                continue;
            }
            if (before == null) {
                nodeVersions.put(name, 0);
            } else if (!before.id().equals(after.id()) || isReassigned(before, after)) {
                nodeVersions.merge(name, 1, Integer::sum);
            }
        }
        stored = image;
        asides.clear();
        Map<TopicPartition, List<BrokerId>> left = movesLeft();
        if (left.isEmpty()) {
            moves = StoredReassignments.NONE;
        } else if (left.size() < moves.targets().size()) {
            moves = new StoredReassignments(left, moves.version() + 1);
        }
    }

    /**
     * The step from what was published last to the cluster as it is; null where nothing has changed. A new term begins
     * with a step also then: whoever publishes it has told nobody anything before.
     *
     * @param whole whether anything may have changed; else it is only what went through this draft since the last step
     * @param version the place in history of what comes after the step
     */
    ImageStep step(ClusterImage published, boolean whole, ImageVersion version) {
        List<MetadataChange> changes = whole
                ? ImageDifference.between(published, image)
                : ImageDifference.between(published, image, new TreeSet<>(touchedTopics));
        touchedTopics.clear();
        touchedConfigs.clear();
        boolean goesOn = version.controllerEpoch().equals(published.version().controllerEpoch());
        if (goesOn && changes.isEmpty() && published.clusterId().equals(image.clusterId())) {
            return null;
        }
        image = image.at(version);
        stored = image;
        return new ImageStep(published, image, changes);
    }

    private void index(String name) {
        namesByKey
                .computeIfAbsent(TopicNames.collisionKey(name), key -> new LinkedHashSet<>(1))
                .add(name);
    }

    private static boolean isReassigned(TopicImage before, TopicImage after) {
        if (before.partitions().size() != after.partitions().size()) {
            return true;
        }
        for (int number = 0; number < after.partitions().size(); number++) {
            PartitionImage old = before.partition(number);
            PartitionImage now = after.partition(number);
            if (!old.replicas().equals(now.replicas())
                    || !old.adding().equals(now.adding())
                    || !old.removing().equals(now.removing())) {
                return true;
            }
        }
        return false;
    }

    /** Which replicas are offline is in no node. */
    private static boolean isStoredAlike(PartitionImage old, PartitionImage now) {
        return old != null && now.equals(old.withOffline(now.offline()));
    }

    private static List<List<StoreWrite>> parted(List<StoreWrite> all) {
        List<List<StoreWrite>> parts = new ArrayList<>();
        List<StoreWrite> part = new ArrayList<>();
        int cost = 0;
        for (StoreWrite write : all) {
            int costs = cost(write);
            if (!part.isEmpty() && cost + costs > WRITES_TOGETHER) {
                parts.add(part);
                part = new ArrayList<>();
                cost = 0;
            }
            part.add(write);
            cost += costs;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /** A topic's node grows with its partitions. */
    private static int cost(StoreWrite write) {
        return switch (write) {
            case StoreWrite.TopicCreate create ->
                2
                        + create.topic().partitions().size() / 10
                        + ConfigAlteration.size(create.config().values()) / BYTES_FOR_A_WRITE;
            case StoreWrite.TopicReplace replace ->
                1 + replace.topic().partitions().size() / 10;
            case StoreWrite.ConfigReplace replace ->
                2 + ConfigAlteration.size(replace.config().values()) / BYTES_FOR_A_WRITE;
            case StoreWrite.PartitionCreate create -> 1;
            case StoreWrite.PartitionReplace replace -> 1;
            case StoreWrite.DeletionNote note -> 1;
            case StoreWrite.DeletionMark mark -> 1;
            case StoreWrite.DeletionUnmark unmark -> 1;
            case StoreWrite.ConfigNoteDelete delete -> 1;
            case StoreWrite.FeaturesReplace replace -> 1;
            case StoreWrite.ReassignmentsReplace replace -> 1 + replace.left().size() / 10;
            case StoreWrite.ElectionsDelete delete -> 1;
        };
    }
}
