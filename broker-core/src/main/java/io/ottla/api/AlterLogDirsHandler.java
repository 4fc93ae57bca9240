package io.ottla.api;

import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.types.Failure;
import io.ottla.types.TopicPartition;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Has replicas of this broker lie in another log folder (KIP-113). Answered when moves have begun. Of a partition of the cluster
 * that has no replica here the folder is remembered, and REPLICA_NOT_AVAILABLE answered: a replica that comes later is made
 * there.
 */
final class AlterLogDirsHandler implements ApiHandler<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> {
    private final Replicas replicas;
    private final Authorizer authorizer;
    private final ApiSpec<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> spec = ApiSpec.of(
            ApiKeys.ALTER_REPLICA_LOG_DIRS,
            AlterLogDirsHandler::refusing,
            AlterReplicaLogDirsResponseData::setThrottleTimeMs);

    AlterLogDirsHandler(Replicas replicas, Authorizer authorizer) {
        this.replicas = replicas;
        this.authorizer = authorizer;
    }

    @Override
    public ApiSpec<AlterReplicaLogDirsRequestData, AlterReplicaLogDirsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<AlterReplicaLogDirsResponseData> handle(
            RequestContext context, AlterReplicaLogDirsRequestData request) {
        boolean allowed =
                authorizer.allows(context.caller(), AclOperation.ALTER, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME);
        return Reply.of(allowed ? answer(request, this::move) : refusing(request, Errors.CLUSTER_AUTHORIZATION_FAILED));
    }

    /** What becomes of a partition that is to lie in a folder. */
    @FunctionalInterface
    private interface Decision {
        Errors of(TopicPartition partition, String folder);
    }

    private Errors move(TopicPartition partition, String folder) {
        Path path = path(folder);
        if (path == null || !path.isAbsolute()) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        if (replicas.partition(partition.topic(), partition.partition()) != null) {
            Failure failure = replicas.store().move(partition, path);
            return failure == null ? Errors.NONE : failure.error();
        }
        Errors absence =
                replicas.absence(partition.topic(), partition.partition()).error();
        if (absence != Errors.NOT_LEADER_OR_FOLLOWER) {
            return absence;
        }
        Failure failure = replicas.store().move(partition, path);
        return failure == null ? Errors.REPLICA_NOT_AVAILABLE : failure.error();
    }

    /** Null where it can be none. */
    private static Path path(String folder) {
        try {
            return Path.of(folder);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static AlterReplicaLogDirsResponseData refusing(AlterReplicaLogDirsRequestData request, Errors error) {
        return answer(request, (_, _) -> error);
    }

    private static AlterReplicaLogDirsResponseData answer(AlterReplicaLogDirsRequestData request, Decision decision) {
        Map<String, List<AlterReplicaLogDirPartitionResult>> topics = new LinkedHashMap<>();
        for (AlterReplicaLogDir folder : request.dirs()) {
            for (AlterReplicaLogDirTopic topic : folder.topics()) {
                for (int number : topic.partitions()) {
                    Errors error = decision.of(new TopicPartition(topic.name(), number), folder.path());
                    topics.computeIfAbsent(topic.name(), _ -> new ArrayList<>())
                            .add(new AlterReplicaLogDirPartitionResult()
                                    .setPartitionIndex(number)
                                    .setErrorCode(error.code()));
                }
            }
        }
        AlterReplicaLogDirsResponseData answer = new AlterReplicaLogDirsResponseData();
        topics.forEach((topic, partitions) -> answer.results()
                .add(new AlterReplicaLogDirTopicResult().setTopicName(topic).setPartitions(partitions)));
        return answer;
    }
}
