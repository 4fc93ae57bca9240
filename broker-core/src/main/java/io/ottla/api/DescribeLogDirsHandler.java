package io.ottla.api;

import io.ottla.replication.Partition;
import io.ottla.replication.Replicas;
import io.ottla.security.Authorizer;
import io.ottla.storage.LogFolder;
import io.ottla.storage.MovingLog;
import io.ottla.storage.PartitionLog;
import io.ottla.types.TopicPartition;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;

/** Shows the log folders, what lies in them and how much room there is (KIP-113, KIP-827). Asks the file system on a worker. */
final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequestData, DescribeLogDirsResponseData> {
    private static final short FIRST_WITH_ERROR = 3;

    private final Replicas replicas;
    private final Authorizer authorizer;
    private final Executor workers;
    private final ApiSpec<DescribeLogDirsRequestData, DescribeLogDirsResponseData> spec = ApiSpec.of(
            ApiKeys.DESCRIBE_LOG_DIRS,
            (_, error) -> new DescribeLogDirsResponseData().setErrorCode(error.code()),
            DescribeLogDirsResponseData::setThrottleTimeMs);

    DescribeLogDirsHandler(Replicas replicas, Authorizer authorizer, Executor workers) {
        this.replicas = replicas;
        this.authorizer = authorizer;
        this.workers = workers;
    }

    @Override
    public ApiSpec<DescribeLogDirsRequestData, DescribeLogDirsResponseData> spec() {
        return spec;
    }

    @Override
    public Reply<DescribeLogDirsResponseData> handle(RequestContext context, DescribeLogDirsRequestData request) {
        if (!authorizer.allows(
                context.caller(), AclOperation.DESCRIBE, ResourceType.CLUSTER, Authorizer.CLUSTER_NAME)) {
            DescribeLogDirsResponseData refused = new DescribeLogDirsResponseData();
            return Reply.of(
                    context.apiVersion() < FIRST_WITH_ERROR
                            ? refused
                            : refused.setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
        Reply<DescribeLogDirsResponseData> reply = Reply.later();
        workers.execute(() -> reply.complete(describe(request)));
        return reply;
    }

    private DescribeLogDirsResponseData describe(DescribeLogDirsRequestData request) {
        Lying lying = new Lying();
        Map<TopicPartition, MovingLog> moving = new HashMap<>();
        replicas.store().moving().forEach(move -> moving.put(move.partition(), move));
        if (request.topics() == null) {
            replicas.each(partition -> lying.add(partition, moving));
        } else {
            for (DescribableLogDirTopic topic : request.topics()) {
                for (int number : topic.partitions()) {
                    Partition partition = replicas.partition(topic.topic(), number);
                    if (partition != null) {
                        lying.add(partition, moving);
                    }
                }
            }
        }
        List<DescribeLogDirsResult> results = new ArrayList<>();
        for (LogFolder folder : replicas.store().folders()) {
            results.add(folder.isOnline() ? online(folder, lying.in(folder)) : offline(folder));
        }
        return new DescribeLogDirsResponseData().setResults(results);
    }

    /** What lies where. */
    private static final class Lying {
        private final Map<LogFolder, Map<String, List<DescribeLogDirsPartition>>> folders = new HashMap<>();

        Map<String, List<DescribeLogDirsPartition>> in(LogFolder folder) {
            return folders.getOrDefault(folder, Map.of());
        }

        void add(Partition partition, Map<TopicPartition, MovingLog> moving) {
            PartitionLog log = partition.log();
            if (log == null) {
                return;
            }
            add(
                    log.folder(),
                    partition.name(),
                    log.sizeBytes(),
                    Math.max(0, partition.highWatermark() - log.logEndOffset()),
                    false);
            MovingLog move = moving.get(partition.name());
            if (move != null && !move.target().equals(log.folder())) {
                add(move.target(), partition.name(), move.bytes(), move.lag(), true);
            }
        }

        private void add(LogFolder folder, TopicPartition name, long bytes, long lag, boolean isFuture) {
            folders.computeIfAbsent(folder, _ -> new HashMap<>())
                    .computeIfAbsent(name.topic(), _ -> new ArrayList<>())
                    .add(new DescribeLogDirsPartition()
                            .setPartitionIndex(name.partition())
                            .setPartitionSize(bytes)
                            .setOffsetLag(lag)
                            .setIsFutureKey(isFuture));
        }
    }

    private static DescribeLogDirsResult online(LogFolder folder, Map<String, List<DescribeLogDirsPartition>> lying) {
        List<DescribeLogDirsTopic> topics = new ArrayList<>(lying.size());
        lying.forEach((topic, partitions) ->
                topics.add(new DescribeLogDirsTopic().setName(topic).setPartitions(partitions)));
        DescribeLogDirsResult result =
                new DescribeLogDirsResult().setLogDir(name(folder)).setTopics(topics);
        try {
            FileStore disk = Files.getFileStore(folder.path());
            return result.setTotalBytes(disk.getTotalSpace()).setUsableBytes(disk.getUsableSpace());
        } catch (IOException e) {
            return result.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
    }

    private static DescribeLogDirsResult offline(LogFolder folder) {
        return new DescribeLogDirsResult().setLogDir(name(folder)).setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
    }

    private static String name(LogFolder folder) {
        return folder.path().toAbsolutePath().toString();
    }
}
