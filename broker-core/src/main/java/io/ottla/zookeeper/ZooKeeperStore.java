package io.ottla.zookeeper;

import io.ottla.controller.ConfigNote;
import io.ottla.controller.EpochGuard;
import io.ottla.controller.MetadataStore;
import io.ottla.controller.StoreEvent;
import io.ottla.controller.StoreWrite;
import io.ottla.controller.StoredCluster;
import io.ottla.controller.StoredElections;
import io.ottla.controller.StoredFeatures;
import io.ottla.controller.StoredReassignments;
import io.ottla.controller.StoredTopic;
import io.ottla.controller.WriteOutcome;
import io.ottla.metadata.BrokerImage;
import io.ottla.metadata.ConfigImage;
import io.ottla.metadata.ConfigResourceName;
import io.ottla.metadata.TopicImage;
import io.ottla.types.BrokerId;
import io.ottla.types.Shown;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster's metadata in ZooKeeper, in the layout of Kafka 3.9. Requests are pipelined; answers and changes come on
 * the executor that it is given.
 */
public final class ZooKeeperStore implements MetadataStore {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperStore.class);

    /** Below ZooKeeper's {@code jute.maxbuffer}, 1 MiB less one byte where nobody has changed it. */
    private static final int MOST_BYTES = 1_000_000;

    private final ZooKeeperRequests requests;
    private final ZooKeeperRequests reads;
    private final NodeAcls acls;
    private final StoreReader reader;
    private final AdminReader adminReader;
    private volatile Consumer<StoreEvent> listener = event -> {};

    /** @param executor runs what it is given one after the other */
    public ZooKeeperStore(ZooKeeperSession session, Executor executor) {
        this(session.requests(executor), session.reads(executor), session.acls());
    }

    ZooKeeperStore(ZooKeeperRequests requests, ZooKeeperRequests reads, NodeAcls acls) {
        this.requests = requests;
        this.reads = reads;
        this.acls = acls;
        this.reader = new StoreReader(reads, event -> listener.accept(event));
        this.adminReader = new AdminReader(reads, event -> listener.accept(event));
    }

    @Override
    public void watch(Consumer<StoreEvent> told) {
        listener = told;
    }

    @Override
    public CompletionStage<StoredCluster> load() {
        CompletableFuture<Answer<Void>> caughtUp = reads.sync("/");
        Map<String, String> unreadable = new HashMap<>();
        CompletableFuture<String> clusterId = reader.clusterId();
        CompletableFuture<Map<BrokerId, BrokerImage>> brokers = reader.brokers();
        CompletableFuture<Set<String>> deletions = reader.names(StoreOperations.DELETIONS, StoreReader.DELETIONS);
        CompletableFuture<Map<ConfigResourceName, ConfigImage>> configs = reader.allConfigs();
        CompletableFuture<StoredFeatures> features = reader.features();
        CompletableFuture<StoredReassignments> reassignments = adminReader.reassignments();
        CompletableFuture<StoredElections> elections = adminReader.elections();
        CompletableFuture<List<ConfigNote>> notes = reader.notes();
        CompletableFuture<Map<String, StoredTopic>> topics = reader.names(TopicNode.PARENT, StoreReader.TOPICS)
                .thenCompose(names -> reader.topics(names, unreadable));
        return CompletableFuture.allOf(
                        caughtUp,
                        clusterId,
                        brokers,
                        deletions,
                        configs,
                        features,
                        reassignments,
                        elections,
                        notes,
                        topics)
                .thenApply(done -> new StoredCluster(
                        clusterId.join(),
                        brokers.join(),
                        topics.join(),
                        deletions.join(),
                        configs.join(),
                        features.join(),
                        reassignments.join(),
                        elections.join(),
                        Map.copyOf(unreadable)));
    }

    @Override
    public CompletionStage<Map<BrokerId, BrokerImage>> brokers() {
        return reader.brokers();
    }

    @Override
    public CompletionStage<Set<String>> topicNames() {
        return reader.names(TopicNode.PARENT, StoreReader.TOPICS);
    }

    @Override
    public CompletionStage<Map<String, StoredTopic>> topics(Collection<String> names) {
        Map<String, String> unreadable = new HashMap<>();
        return reader.topics(names, unreadable).thenApply(topics -> {
            unreadable.forEach((name, why) -> LOG.error("Topic {} stays as it was. {}", Shown.of(name), why));
            return topics;
        });
    }

    @Override
    public CompletionStage<Set<String>> deletions() {
        return reader.names(StoreOperations.DELETIONS, StoreReader.DELETIONS);
    }

    @Override
    public CompletionStage<List<ConfigNote>> configNotes() {
        return reader.notes();
    }

    @Override
    public CompletionStage<Map<ConfigResourceName, ConfigImage>> configs(Collection<ConfigResourceName> resources) {
        return reader.configs(resources);
    }

    @Override
    public CompletionStage<StoredFeatures> features() {
        return reader.features();
    }

    @Override
    public CompletionStage<StoredReassignments> reassignments() {
        return adminReader.reassignments();
    }

    @Override
    public CompletionStage<StoredElections> elections() {
        return adminReader.elections();
    }

    @Override
    public CompletionStage<WriteOutcome> write(EpochGuard guard, List<StoreWrite> writes) {
        StoreOperations transaction = new StoreOperations(acls, guard, writes);
        List<Op> usual = transaction.usual();
        if (transaction.bytes() > MOST_BYTES) {
            return CompletableFuture.completedFuture(new WriteOutcome.TooLarge(
                    transaction.bytes() + " bytes, of which ZooKeeper takes " + MOST_BYTES + " in one transaction"));
        }
        return requests.multi(usual)
                .thenCompose(answer ->
                        isAboutExistence(answer) && !transaction.uncertain().isEmpty()
                                ? again(transaction)
                                : CompletableFuture.completedFuture(answer))
                .thenCompose(answer -> outcome(guard, answer))
                .thenApply(outcome -> {
                    if (outcome instanceof WriteOutcome.Written) {
                        writes.forEach(this::follow);
                    }
                    return outcome;
                });
    }

    @Override
    public CompletionStage<Boolean> hasNotes(BrokerId broker) {
        return new DeletedLogs(requests).of(broker).thenApply(logs -> !logs.isEmpty());
    }

    @Override
    public CompletionStage<Void> dropNotes(BrokerId broker) {
        DeletedLogs notes = new DeletedLogs(requests);
        return notes.of(broker).thenCompose(logs -> notes.cleared(broker, logs));
    }

    @Override
    public CompletionStage<WriteOutcome> removeTopic(EpochGuard guard, TopicImage topic) {
        Set<BrokerId> holders = new LinkedHashSet<>();
        topic.partitions().forEach(partition -> holders.addAll(partition.replicas()));
        List<String> folders = DeletedLogs.folders(holders);
        TopicRemoval removal =
                new TopicRemoval(requests, acls, guard, topic.name(), DeletedLogs.notes(topic.id(), holders));
        return removal.plan(false)
                .thenCompose(plan -> perform(guard, plan))
                .thenCompose(outcome -> outcome instanceof WriteOutcome.Conflict
                        ? make(folders).thenCompose(_ -> removal.plan(true)).thenCompose(plan -> perform(guard, plan))
                        : CompletableFuture.completedFuture(outcome));
    }

    /** Makes nodes that are to lie there for good. What can't be made is missed by whoever writes below it. */
    private CompletableFuture<Void> make(List<String> folders) {
        return CompletableFuture.allOf(folders.stream()
                .map(path -> requests.create(path, null, acls.of(path), CreateMode.PERSISTENT))
                .toArray(CompletableFuture[]::new));
    }

    /** One transaction after the other, up to the first that is not done: what comes last goes only behind all the rest. */
    private CompletableFuture<WriteOutcome> perform(EpochGuard guard, List<List<Op>> plan) {
        CompletableFuture<WriteOutcome> outcome = CompletableFuture.completedFuture(new WriteOutcome.Written());
        for (List<Op> part : plan) {
            outcome = outcome.thenCompose(before -> before instanceof WriteOutcome.Written
                    ? requests.multi(part).thenCompose(answer -> outcome(guard, answer))
                    : CompletableFuture.completedFuture(before));
        }
        return outcome;
    }

    /** The transaction was refused for certain: makes it for what is really there. */
    private CompletableFuture<Answer<List<OpResult>>> again(StoreOperations transaction) {
        List<String> uncertain = List.copyOf(transaction.uncertain());
        return all(uncertain.stream().map(requests::exists).toList()).thenCompose(answers -> {
            Set<String> there = new HashSet<>();
            for (int i = 0; i < uncertain.size(); i++) {
                if (answers.get(i).isOk()) {
                    there.add(uncertain.get(i));
                }
            }
            return requests.multi(transaction.given(there));
        });
    }

    private static boolean isAboutExistence(Answer<?> answer) {
        return answer.code() == Code.NODEEXISTS || answer.code() == Code.NONODE;
    }

    /** A wrong version may be the epoch's or another node's: the epoch tells. */
    private CompletableFuture<WriteOutcome> outcome(EpochGuard guard, Answer<?> answer) {
        if (answer.isOk()) {
            return CompletableFuture.completedFuture(new WriteOutcome.Written());
        }
        if (answer.isUnknown() || answer.isSessionOver()) {
            return CompletableFuture.completedFuture(new WriteOutcome.Unknown("ZooKeeper said " + answer.code()));
        }
        return requests.exists(StoreOperations.EPOCH).thenApply(epoch -> {
            boolean deposed = epoch.isOk() && epoch.stat().getVersion() != guard.nodeVersion();
            return deposed ? new WriteOutcome.Deposed() : new WriteOutcome.Conflict("ZooKeeper said " + answer.code());
        });
    }

    /** Has us told of an old tool's changes to a topic that we made. */
    private void follow(StoreWrite write) {
        if (write instanceof StoreWrite.TopicCreate create) {
            reader.follow(create.topic().name());
        }
    }

    static <T> CompletableFuture<List<T>> all(Collection<CompletableFuture<T>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
    }

    /** Nothing below a node that is not there. */
    static List<String> orEmpty(Answer<List<String>> answer, String path) {
        return answer.code() == Code.NONODE ? List.of() : value(answer, path);
    }

    /** What was asked for; throws where it was refused. */
    static <T> T value(Answer<T> answer, String path) {
        if (!answer.isOk()) {
            throw new CompletionException(KeeperException.create(answer.code(), path));
        }
        return answer.value();
    }
}
