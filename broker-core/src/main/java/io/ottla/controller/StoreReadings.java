package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.types.BrokerId;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What was found where the store said that something had changed. Null for what was not looked at.
 *
 * @param topicNames names of all topics
 * @param topics those that were looked at, as far as they exist
 */
record StoreReadings(
        Map<BrokerId, BrokerImage> brokers,
        Set<String> topicNames,
        Map<String, StoredTopic> topics,
        Set<String> deletions,
        List<ConfigNote> notes,
        Map<ConfigResourceName, ConfigImage> configs,
        StoredFeatures features,
        StoredReassignments reassignments,
        StoredElections elections) {

    /** @param known names of topics that need not be read again unless an event names them */
    static CompletionStage<StoreReadings> take(MetadataStore store, Collection<StoreEvent> events, Set<String> known) {
        boolean brokers = false;
        boolean names = false;
        boolean deletions = false;
        boolean notes = false;
        boolean features = false;
        boolean reassignments = false;
        boolean elections = false;
        Set<String> named = new HashSet<>();
        for (StoreEvent event : events) {
            switch (event) {
                case StoreEvent.BrokersChanged() -> brokers = true;
                case StoreEvent.TopicsChanged() -> names = true;
                case StoreEvent.TopicChanged(String topic) -> named.add(topic);
                case StoreEvent.DeletionsChanged() -> deletions = true;
                case StoreEvent.ConfigsChanged() -> notes = true;
                case StoreEvent.FeaturesChanged() -> features = true;
                case StoreEvent.ReassignmentsChanged() -> reassignments = true;
                case StoreEvent.ElectionsChanged() -> elections = true;
            }
        }
        CompletableFuture<Map<BrokerId, BrokerImage>> brokersRead = when(brokers, brokers ? store.brokers() : null);
        CompletableFuture<Set<String>> namesRead = when(names, names ? store.topicNames() : null);
        CompletableFuture<Set<String>> deletionsRead = when(deletions, deletions ? store.deletions() : null);
        CompletableFuture<List<ConfigNote>> notesRead = when(notes, notes ? store.configNotes() : null);
        CompletableFuture<StoredFeatures> featuresRead = when(features, features ? store.features() : null);
        CompletableFuture<StoredReassignments> reassignmentsRead =
                when(reassignments, reassignments ? store.reassignments() : null);
        CompletableFuture<StoredElections> electionsRead = when(elections, elections ? store.elections() : null);
        CompletableFuture<Map<String, StoredTopic>> topicsRead =
                namesRead.thenCompose(all -> topics(store, all, named, known));
        CompletableFuture<Map<ConfigResourceName, ConfigImage>> configsRead = notesRead
                .thenCombine(topicsRead, StoreReadings::configured)
                .thenCompose(wanted ->
                        wanted.isEmpty() ? CompletableFuture.completedFuture(Map.of()) : store.configs(wanted));
        return CompletableFuture.allOf(
                        brokersRead,
                        topicsRead,
                        deletionsRead,
                        configsRead,
                        featuresRead,
                        reassignmentsRead,
                        electionsRead)
                .thenApply(done -> new StoreReadings(
                        brokersRead.join(),
                        namesRead.join(),
                        topicsRead.join(),
                        deletionsRead.join(),
                        notesRead.join(),
                        configsRead.join(),
                        featuresRead.join(),
                        reassignmentsRead.join(),
                        electionsRead.join()));
    }

    private static <T> CompletableFuture<T> when(boolean asked, CompletionStage<T> read) {
        return asked ? read.toCompletableFuture() : CompletableFuture.completedFuture(null);
    }

    private static CompletionStage<Map<String, StoredTopic>> topics(
            MetadataStore store, Set<String> all, Set<String> named, Set<String> known) {
        Set<String> wanted = new LinkedHashSet<>(named);
        if (all != null) {
            all.stream().filter(name -> !known.contains(name)).forEach(wanted::add);
        }
        return wanted.isEmpty() ? CompletableFuture.completedFuture(Map.of()) : store.topics(wanted);
    }

    /** What notes are about, and topics that were read: an old tool writes no note for those it makes. */
    private static Set<ConfigResourceName> configured(List<ConfigNote> notes, Map<String, StoredTopic> topics) {
        Set<ConfigResourceName> wanted = new LinkedHashSet<>();
        if (notes != null) {
            notes.stream().filter(note -> note.resource() != null).forEach(note -> wanted.add(note.resource()));
        }
        topics.keySet().forEach(name -> wanted.add(ConfigResourceName.topic(name)));
        return wanted;
    }
}
