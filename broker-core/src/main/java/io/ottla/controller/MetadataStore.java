package io.ottla.controller;

import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where the truth about the cluster lies. Never blocks; results come on the store's own thread and must be handed over
 * at once. What is asked of it is done in the order in which it was asked, and a read sees every write before it. A
 * read that can't be done fails its stage; nothing is tried again in secret.
 *
 * <p>Each read also asks to be told of the next change of what it read, once.
 */
public interface MetadataStore {
    /** Says who is told of changes. Called once, before anything is read. */
    void watch(Consumer<StoreEvent> listener);

    /** Everything, in as few round trips as can be. */
    CompletionStage<StoredCluster> load();

    /** Live brokers. */
    CompletionStage<Map<BrokerId, BrokerImage>> brokers();

    /** Names of all topics. */
    CompletionStage<Set<String>> topicNames();

    /** These topics with the states of their partitions, as far as they exist and can be read. */
    CompletionStage<Map<String, StoredTopic>> topics(Collection<String> names);

    /** Names of topics that somebody wants deleted. */
    CompletionStage<Set<String>> deletions();

    /** All notes of changed configuration that still are there, oldest first. */
    CompletionStage<List<ConfigNote>> configNotes();

    /** Configuration of these resources; {@link ConfigImage#EMPTY} where none is set. */
    CompletionStage<Map<ConfigResourceName, ConfigImage>> configs(Collection<ConfigResourceName> resources);

    CompletionStage<StoredFeatures> features();

    /** Moves of partitions that somebody asks for by a node. */
    CompletionStage<StoredReassignments> reassignments();

    /** Partitions of which somebody asks by a node that their preferred replicas lead. */
    CompletionStage<StoredElections> elections();

    /**
     * Does these writes together or not at all, in order. A list of some hundred writes is fine; the store has a bound
     * in bytes.
     */
    CompletionStage<WriteOutcome> write(EpochGuard guard, List<StoreWrite> writes);

    /** Whether there are notes that {@link #removeTopic} left to a broker and that it has yet to act by. */
    CompletionStage<Boolean> hasNotes(BrokerId broker);

    /** Takes these notes away: the broker never comes back. */
    CompletionStage<Void> dropNotes(BrokerId broker);

    /**
     * Takes away all there is of a topic: states, assignment, configuration, and last the note that asked for it. Goes
     * in several steps; where it fails between them, doing it again finishes it. A note is left to each broker that holds
     * replicas of it, which may not hear of it now.
     */
    CompletionStage<WriteOutcome> removeTopic(EpochGuard guard, TopicImage topic);
}
