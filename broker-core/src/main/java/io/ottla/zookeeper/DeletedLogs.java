package io.ottla.zookeeper;

import io.ottla.types.BrokerId;
import io.ottla.types.DeletedLog;
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
 * Notes to brokers of logs that they are to delete: {@code /ottla/deleted_logs/<broker>/<topic id>} of a topic that was deleted,
 * {@code …-<partition>} of a replica that has moved to another broker, with the topic's name as its data. The controller writes
 * them before what they tell of, or with it; each broker takes its own away when it has deleted its logs, at once or after
 * its next start. Kafka's own software knows nothing of these nodes. Thread-safe.
 */
public final class DeletedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(DeletedLogs.class);
    private static final String PARENT = "/ottla/deleted_logs";

    private final ZooKeeperRequests requests;

    public DeletedLogs(ZooKeeperSession session, Executor executor) {
        this(session.requests(executor));
    }

    DeletedLogs(ZooKeeperRequests requests) {
        this.requests = requests;
    }

    /** The nodes below which notes to these brokers lie, each behind those that it lies below itself. */
    static List<String> folders(Collection<BrokerId> brokers) {
        List<String> paths = new ArrayList<>(List.of("/ottla", PARENT));
        brokers.forEach(broker -> paths.add(folder(broker)));
        return paths;
    }

    /** The nodes that make a note to each of these brokers that a topic was deleted. */
    static List<String> notes(TopicId topic, Collection<BrokerId> brokers) {
        return topic.isZero()
                ? List.of()
                : brokers.stream()
                        .map(broker -> path(broker, DeletedLog.allOf(topic)))
                        .toList();
    }

    static String path(BrokerId broker, DeletedLog log) {
        return folder(broker) + "/" + log;
    }

    private static String folder(BrokerId broker) {
        return PARENT + "/" + broker;
    }

    /** What was deleted, and what the broker may still hold logs of. */
    public CompletionStage<Set<DeletedLog>> of(BrokerId broker) {
        return names(broker).thenApply(names -> {
            Set<DeletedLog> logs = new HashSet<>();
            for (String name : names) {
                try {
                    logs.add(DeletedLog.parse(name));
                } catch (IllegalArgumentException e) {
                    LOG.warn("Leaving {} below {} as it is. {}", name, folder(broker), e.getMessage());
                }
            }
            return logs;
        });
    }

    private CompletableFuture<List<String>> names(BrokerId broker) {
        return requests.getChildren(folder(broker)).thenApply(answer -> ZooKeeperStore.orEmpty(answer, folder(broker)));
    }

    /** The broker holds nothing of these any more. What can't be noted now is looked at again at its next start. */
    public CompletionStage<Void> cleared(BrokerId broker, Collection<DeletedLog> logs) {
        return CompletableFuture.allOf(logs.stream()
                .map(log -> requests.delete(path(broker, log), -1).thenAccept(answer -> {
                    if (!answer.isOk() && answer.code() != Code.NONODE) {
                        LOG.warn("The note that {} was deleted stays: {}", log, answer.code());
                    }
                }))
                .toArray(CompletableFuture[]::new));
    }
}
