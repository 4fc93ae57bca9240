package io.ottla.api;

import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.time.Timer;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Has replicas of this broker lie in another log folder (KIP-113). Answered when moves have begun, so that a crash behind the
 * answer forgets none. Of a partition of the cluster that has no replica here the folder is remembered, and
 * REPLICA_NOT_AVAILABLE answered: a replica that comes later is made there.
 */
final class AlterLogDirsHandler implements ApiHandler<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> {
    /** The request names none; clients wait for half a minute. */
    static final int TIMEOUT_MS = 20_000;

    private final Replicas replicas;
    private final Authorizer authorizer;
    private final Timer timer;
    private final ApiSpec<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> spec = ApiSpec.of(
            ApiKeys.ALTER_REPLICA_LOG_DIRS,
            AlterLogDirsHandler::refusing,
            AlterReplicaLogDirsResponseData::setThrottleTimeMs);

    AlterLogDirsHandler(Replicas replicas, Authorizer authorizer, Timer timer) {
        this.replicas = replicas;
        this.authorizer = authorizer;
        this.timer = timer;
    }

    @Override
    public ApiSpec<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AlterReplicaLogDirsResponseData> handle(
            RequestContext context, AlterReplicaLogDirsRequestData request) {
        if (!authorizer.allows(context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)) {
            return Reply.of(refusing(request, Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        List<CompletableFuture<Errors>> moves = new ArrayList<>();
        each(request, (partition, folder) -> moves.add(move(partition, folder)));
        Reply<AlterReplicaLogDirsResponseData> reply = Reply.later();
        CompletableFuture<Void> all = CompletableFuture.allOf(moves.toArray(CompletableFuture[]::new));
        if (!all.isDone()) {
            Timer.Timeout timeout =
                    timer.schedule(TIMEOUT_MS, () -> moves.forEach(each -> each.complete(Errors.REQUEST_TIMED_OUT)));
            all.thenRun(timeout::cancel);
        }
        all.thenRun(() -> reply.complete(
                answer(request, moves.stream().map(CompletableFuture::join).toList())));
        return reply;
    }

    /** Never fails; may be completed by whoever is tired of waiting. */
    private CompletableFuture<Errors> move(TopicPartition partition, String folder) {
        Path path = path(folder);
        if (path == null || !path.isAbsolute()) {
            return CompletableFuture.completedFuture(Errors.LOG_DIR_NOT_FOUND);
        }
        if (replicas.partition(partition.topic(), partition.partition()) != null) {
            return move(partition, path, Errors.NONE);
        }
        Errors absence =
                replicas.absence(partition.topic(), partition.partition()).error();
        return absence == Errors.NOT_LEADER_OR_FOLLOWER
                ? move(partition, path, Errors.REPLICA_NOT_AVAILABLE)
                : CompletableFuture.completedFuture(absence);
    }

    private CompletableFuture<Errors> move(TopicPartition partition, Path path, Errors begun) {
        return replicas.store()
                .move(partition, path)
                .thenApply((Failure failure) -> failure == null ? begun : failure.error())
                .toCompletableFuture();
    }

    /** Null where it can be none. */
    private static Path path(String folder) {
        try {
            return Path.of(folder);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** What is asked for of a partition. */
    @FunctionalInterface
    private interface Wish {
        void of(TopicPartition partition, String folder);
    }

    private static void each(AlterReplicaLogDirsRequestData request, Wish wish) {
        for (AlterReplicaLogDir folder : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : folder.topics()) {
                for (int number : topic.partitions()) {
                    wish.of(new TopicPartition(topic.name(), number), folder.path());
                }
            }
        }
    }

    private static AlterReplicaLogDirsResponseData refusing(AlterReplicaLogDirsRequestData request, Errors error) {
        List<Errors> errors = new ArrayList<>();
        each(request, (_, _) -> errors.add(error));
        return answer(request, errors);
    }

    /** @param errors one for each partition, in the request's order */
    private static AlterReplicaLogDirsResponseData answer(AlterReplicaLogDirsRequestData request, List<Errors> errors) {
        Iterator<Errors> error = errors.iterator();
        Map<String, List<AlterReplicaLogDirPartitionResult>> topics = new LinkedHashMap<>();
        each(
                request,
                (partition, _) -> topics.computeIfAbsent(partition.topic(), _ -> new ArrayList<>())
                        .add(new AlterReplicaLogDirPartitionResult()
                                .setPartitionIndex(partition.partition())
                                .setErrorCode(error.next().code())));
        AlterReplicaLogDirsResponseData answer = new AlterReplicaLogDirsResponseData();
        topics.forEach((topic, partitions) -> answer.results()
                .add(new AlterReplicaLogDirTopicResult().setTopicName(topic).setPartitions(partitions)));
        return answer;
    }
}
