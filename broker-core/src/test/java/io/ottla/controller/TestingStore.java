package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.FeaturesImage;
import io.ottla.metadata.PartitionImage;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerEpoch;
import io.ottla.types.BrokerId;
import io.ottla.types.PartitionEpoch;
import io.ottla.types.TopicId;
import io.ottla.types.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.pcollections.TreePVector;

/** A store in memory, with versions, whose replies can be lost. Not thread-safe. */
public final class TestingStore implements MetadataStore {
    /** What becomes of a write. */
    public enum Fate {
        WRITTEN_AND_REPLY_LOST,
        LOST,
        TOO_LARGE
    }

    public final Map<BrokerId, BrokerImage> brokers = new TreeMap<>();
    public final Map<String, TopicImage> topics = new TreeMap<>();
    /** Topics of which a node makes no sense. */
    public final Set<String> unreadable = new TreeSet<>();

    public final Map<String, Integer> versions = new HashMap<>();
    public final Set<String> deletions = new TreeSet<>();
    public final Map<ConfigResourceName, ConfigImage> configs = new HashMap<>();
    public final Map<String, ConfigNote> notes = new TreeMap<>();
    public FeaturesImage features = new FeaturesImage(Map.of(), 0);
    /** Whether the node of the features makes no sense. */
    public boolean featuresUnreadable;

    public StoredReassignments reassignments = StoredReassignments.NONE;
    public StoredElections elections = StoredElections.NONE;
    public int epochVersion = 1;
    public int writes;
    public int loads;
    public final Deque<Fate> fates = new ArrayDeque<>();
    private final Deque<Boolean> readFailures = new ArrayDeque<>();
    private Consumer<StoreEvent> listener = event -> {};

    public TestingStore broker(int id, String rack) {
        return broker(id, rack, 100 + id);
    }

    public TestingStore broker(int id, String rack, long epoch) {
        brokers.put(
                new BrokerId(id),
                new BrokerImage(
                        new BrokerId(id),
                        new BrokerEpoch(epoch),
                        List.of(new BrokerImage.Endpoint("PLAIN", SecurityProtocol.PLAINTEXT, "host" + id, 9092)),
                        rack,
                        Map.of(
                                "some.version",
                                new BrokerImage.VersionRange((short) 0, (short) 2),
                                ElectionRules.ELIGIBLE_REPLICAS,
                                new BrokerImage.VersionRange((short) 0, (short) 1))));
        listener.accept(new StoreEvent.BrokersChanged());
        return this;
    }

    /** As a broker of ours registers, which names its incarnation. */
    public TestingStore broker(int id, long epoch, Uuid incarnation) {
        broker(id, null, epoch);
        BrokerImage plain = brokers.get(new BrokerId(id));
        brokers.put(
                plain.id(),
                new BrokerImage(
                        plain.id(), plain.epoch(), plain.endpoints(), plain.rack(), plain.features(), incarnation));
        return this;
    }

    public void brokerGone(int id) {
        brokers.remove(new BrokerId(id));
        listener.accept(new StoreEvent.BrokersChanged());
    }

    /** As an old tool makes one: without an id and without states. */
    public void topicByHand(String name, int... leaders) {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int leader : leaders) {
            partitions.add(PartitionImage.unborn(List.of(new BrokerId(leader)), List.of(), List.of()));
        }
        topicByHand(new TopicImage(name, TopicId.ZERO, TreePVector.from(partitions), false));
    }

    /** As an old tool writes one, with the states that it has. */
    public void topicByHand(TopicImage topic) {
        boolean known = topics.containsKey(topic.name());
        topics.put(topic.name(), topic);
        versions.put(topic.name(), 0);
        listener.accept(known ? new StoreEvent.TopicChanged(topic.name()) : new StoreEvent.TopicsChanged());
    }

    /** Somebody has mended what made no sense. */
    public void mended(String name) {
        unreadable.remove(name);
        listener.accept(new StoreEvent.TopicChanged(name));
    }

    public void deletionByHand(String name) {
        deletions.add(name);
        listener.accept(new StoreEvent.DeletionsChanged());
    }

    public void configByHand(String topic, Map<String, String> values, long writtenMs) {
        configs.put(ConfigResourceName.topic(topic), new ConfigImage(values));
        notes.put("config_change_1", new ConfigNote("config_change_1", ConfigResourceName.topic(topic), writtenMs));
        listener.accept(new StoreEvent.ConfigsChanged());
    }

    public void reassignmentsByHand(Map<TopicPartition, List<BrokerId>> targets) {
        reassignments = new StoredReassignments(targets, reassignments.version() + 1);
        listener.accept(new StoreEvent.ReassignmentsChanged());
    }

    /** Somebody has written the node of the features. */
    public void featuresByHand(boolean readable) {
        features = new FeaturesImage(features.levels(), features.epoch() + 1);
        featuresUnreadable = !readable;
        listener.accept(new StoreEvent.FeaturesChanged());
    }

    public void electionsByHand(Set<TopicPartition> partitions) {
        elections = new StoredElections(partitions, elections.version() + 1);
        listener.accept(new StoreEvent.ElectionsChanged());
    }

    public void failNextRead() {
        readFailures.add(true);
    }

    @Override
    public void watch(Consumer<StoreEvent> told) {
        listener = told;
    }

    @Override
    public CompletionStage<StoredCluster> load() {
        loads++;
        Map<String, StoredTopic> stored = new HashMap<>();
        Map<String, String> strange = new HashMap<>();
        topics.forEach((name, topic) -> {
            if (unreadable.contains(name)) {
                strange.put(name, "somebody wrote nonsense");
            } else {
                stored.put(name, new StoredTopic(topic, versions.get(name)));
            }
        });
        return read(new StoredCluster(
                "cluster",
                Map.copyOf(brokers),
                stored,
                Set.copyOf(deletions),
                Map.copyOf(configs),
                storedFeatures(),
                reassignments,
                elections,
                strange));
    }

    @Override
    public CompletionStage<Map<BrokerId, BrokerImage>> brokers() {
        return read(Map.copyOf(brokers));
    }

    @Override
    public CompletionStage<Set<String>> topicNames() {
        return read(Set.copyOf(topics.keySet()));
    }

    @Override
    public CompletionStage<Map<String, StoredTopic>> topics(Collection<String> names) {
        Map<String, StoredTopic> found = new HashMap<>();
        for (String name : names) {
            if (topics.containsKey(name) && !unreadable.contains(name)) {
                found.put(name, new StoredTopic(topics.get(name), versions.get(name)));
            }
        }
        return read(found);
    }

    @Override
    public CompletionStage<Set<String>> deletions() {
        return read(Set.copyOf(deletions));
    }

    @Override
    public CompletionStage<List<ConfigNote>> configNotes() {
        return read(List.copyOf(notes.values()));
    }

    @Override
    public CompletionStage<Map<ConfigResourceName, ConfigImage>> configs(Collection<ConfigResourceName> resources) {
        Map<ConfigResourceName, ConfigImage> found = new HashMap<>();
        resources.forEach(resource -> found.put(resource, configs.getOrDefault(resource, ConfigImage.EMPTY)));
        return read(found);
    }

    @Override
    public CompletionStage<StoredFeatures> features() {
        return read(storedFeatures());
    }

    private StoredFeatures storedFeatures() {
        return new StoredFeatures(featuresUnreadable ? null : features.levels(), features.epoch());
    }

    @Override
    public CompletionStage<StoredReassignments> reassignments() {
        return read(reassignments);
    }

    @Override
    public CompletionStage<StoredElections> elections() {
        return read(elections);
    }

    private <T> CompletionStage<T> read(T value) {
        return readFailures.poll() == null
                ? CompletableFuture.completedFuture(value)
                : CompletableFuture.failedFuture(new IllegalStateException("The store is away"));
    }

    @Override
    public CompletionStage<WriteOutcome> write(EpochGuard guard, List<StoreWrite> together) {
        writes++;
        Fate fate = fates.poll();
        if (fate == Fate.LOST) {
            return done(new WriteOutcome.Unknown("lost"));
        }
        if (fate == Fate.TOO_LARGE) {
            return done(new WriteOutcome.TooLarge("large"));
        }
        if (guard.nodeVersion() != epochVersion) {
            return done(new WriteOutcome.Deposed());
        }
        Map<String, TopicImage> topicsBefore = Map.copyOf(topics);
        for (StoreWrite write : together) {
            if (!apply(write)) {
                topics.clear();
                topics.putAll(topicsBefore);
                return done(new WriteOutcome.Conflict(write.toString()));
            }
        }
        return done(fate == null ? new WriteOutcome.Written() : new WriteOutcome.Unknown("reply lost"));
    }

    private boolean apply(StoreWrite write) {
        switch (write) {
            case StoreWrite.TopicCreate(TopicImage topic, ConfigImage config) -> {
                if (topics.containsKey(topic.name())) {
                    return false;
                }
                topics.put(topic.name(), unborn(topic));
                versions.put(topic.name(), 0);
                configs.put(ConfigResourceName.topic(topic.name()), config);
            }
            case StoreWrite.TopicReplace(TopicImage topic, int version) -> {
                if (!topics.containsKey(topic.name()) || versions.get(topic.name()) != version) {
                    return false;
                }
                TopicImage before = topics.get(topic.name());
                TopicImage after = unborn(topic);
                for (int i = 0; i < before.partitions().size(); i++) {
                    after = after.with(i, before.partition(i));
                }
                topics.put(topic.name(), after);
                versions.put(topic.name(), version + 1);
            }
            case StoreWrite.PartitionCreate(TopicPartition partition, PartitionImage state) -> {
                return put(partition, state, -1);
            }
            case StoreWrite.PartitionReplace(TopicPartition partition, PartitionImage state) -> {
                return put(partition, state, state.partitionEpoch().value() - 1);
            }
            case StoreWrite.DeletionNote note ->
                deletionNotes
                        .computeIfAbsent(note.name() + "-" + note.replica().partition(), _ -> new HashSet<>())
                        .add(note.broker());
            case StoreWrite.DeletionMark(String topic) -> deletions.add(topic);
            case StoreWrite.DeletionUnmark(String topic) -> deletions.remove(topic);
            case StoreWrite.ConfigReplace(ConfigResourceName resource, ConfigImage config) ->
                configs.put(resource, config);
            case StoreWrite.ConfigNoteDelete(String note) -> notes.remove(note);
            case StoreWrite.ReassignmentsReplace(Map<TopicPartition, List<BrokerId>> left, int version) -> {
                if (reassignments.isThere() && reassignments.version() != version) {
                    return false;
                }
                reassignments = left.isEmpty() || !reassignments.isThere()
                        ? StoredReassignments.NONE
                        : new StoredReassignments(left, version + 1);
                listener.accept(new StoreEvent.ReassignmentsChanged());
            }
            case StoreWrite.ElectionsDelete(int version) -> {
                if (elections.isThere() && elections.version() != version) {
                    return false;
                }
                elections = StoredElections.NONE;
                listener.accept(new StoreEvent.ElectionsChanged());
            }
            case StoreWrite.FeaturesReplace(FeaturesImage image) -> {
                if (features.epoch() != image.epoch() - 1) {
                    return false;
                }
                features = image;
                featuresUnreadable = false;
            }
        }
        return true;
    }

    private static TopicImage unborn(TopicImage topic) {
        List<PartitionImage> partitions = new ArrayList<>();
        topic.partitions().forEach(p -> partitions.add(PartitionImage.unborn(p.replicas(), p.adding(), p.removing())));
        return new TopicImage(topic.name(), topic.id(), TreePVector.from(partitions), false);
    }

    /** By topic, the brokers that have yet to hear that it is gone. */
    public final Map<String, Set<BrokerId>> deletionNotes = new HashMap<>();

    private boolean put(TopicPartition partition, PartitionImage state, int expected) {
        TopicImage topic = topics.get(partition.topic());
        if (topic == null
                || topic.partition(partition.partition()).partitionEpoch().value() != expected) {
            return false;
        }
        topics.put(topic.name(), topic.with(partition.partition(), state.at(new PartitionEpoch(expected + 1))));
        return true;
    }

    @Override
    public CompletionStage<Boolean> hasNotes(BrokerId broker) {
        return CompletableFuture.completedFuture(
                deletionNotes.values().stream().anyMatch(brokers -> brokers.contains(broker)));
    }

    @Override
    public CompletionStage<Void> dropNotes(BrokerId broker) {
        deletionNotes.values().forEach(brokers -> brokers.remove(broker));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<WriteOutcome> removeTopic(EpochGuard guard, TopicImage topic) {
        if (guard.nodeVersion() != epochVersion) {
            return done(new WriteOutcome.Deposed());
        }
        if (fates.poll() == Fate.LOST) {
            return done(new WriteOutcome.Unknown("lost"));
        }
        topics.remove(topic.name());
        configs.remove(ConfigResourceName.topic(topic.name()));
        deletions.remove(topic.name());
        Set<BrokerId> holders = new HashSet<>();
        topic.partitions().forEach(partition -> holders.addAll(partition.replicas()));
        deletionNotes.put(topic.name(), holders);
        return done(new WriteOutcome.Written());
    }

    private static CompletionStage<WriteOutcome> done(WriteOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
