package io.ottla.zookeeper;

import io.ottla.types.BrokerId;
import io.ottla.types.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes to the brokers that hold replicas of topics that were deleted: {@code /ottla/deleted_topics/<broker>/<topic id>}, with
 * the topic's name as its data. The controller writes them in one transaction with the topic's removal; each broker takes its own
 * away when it has deleted its logs, at once or after its next start. Kafka's own software knows nothing of these nodes.
 * Thread-safe.
 */
public final class DeletedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedTopics.class);
    private static final String PARENT = "/ottla/deleted_topics";

    private final ZooKeeperRequests requests;

    public DeletedTopics(ZooKeeperSession session, Executor executor) {
        this(session.requests(executor));
    }

    DeletedTopics(ZooKeeperRequests requests) {
        this.requests = requests;
    }

    /** The nodes below which notes to these brokers lie, each behind those that it lies below itself. */
    static List<String> folders(Collection<BrokerId> brokers) {
        List<String> paths = new ArrayList<>(List.of("/ottla", PARENT));
        brokers.forEach(broker -> paths.add(folder(broker)));
        return paths;
    }

    /** The nodes that make a note to each of these brokers. */
    static List<String> notes(TopicId topic, Collection<BrokerId> brokers) {
        return topic.isZero()
                ? List.of()
                : brokers.stream().map(broker -> folder(broker) + "/" + topic).toList();
    }

    private static String folder(BrokerId broker) {
        return PARENT + "/" + broker;
    }

    /** Topics that were deleted, and of which the broker may still hold logs. */
    public CompletionStage<Set<TopicId>> of(BrokerId broker) {
        return names(broker).thenApply(names -> {
            Set<TopicId> topics = new HashSet<>();
            for (String name : names) {
                try {
                    topics.add(TopicId.parse(name));
                } catch (IllegalArgumentException e) {
                    LOG.warn("Expected ids of topics below {}, but found {}. It stays as it is", folder(broker), name);
                }
            }
            return topics;
        });
    }

    private CompletableFuture<List<String>> names(BrokerId broker) {
        return requests.getChildren(folder(broker)).thenApply(answer -> ZooKeeperStore.orEmpty(answer, folder(broker)));
    }

    /** The broker holds nothing of these topics any more. What can't be noted now is looked at again at its next start. */
    public CompletionStage<Void> cleared(BrokerId broker, Collection<TopicId> topics) {
        return CompletableFuture.allOf(topics.stream()
                .map(topic -> requests.delete(folder(broker) + "/" + topic, -1).thenAccept(answer -> {
                    if (!answer.isOk() && answer.code() != Code.NONODE) {
                        LOG.warn("The note that topic {} was deleted stays: {}", topic, answer.code());
                    }
                }))
                .toArray(CompletableFuture[]::new));
    }
}
