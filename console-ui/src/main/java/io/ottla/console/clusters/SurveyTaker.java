package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.words.Wording;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Takes a {@link Survey} by a handful of requests, without blocking. A broker that does not tell its folders leaves a gap
 * in the survey and does not spoil it.
 */
final class SurveyTaker {
    private final AdminConnection connection;
    private final InstantSource clock;

    SurveyTaker(AdminConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    CompletableFuture<Survey> take() {
        Admin admin = connection.admin();
        CompletableFuture<List<Topic>> topics = topics(admin);
        return cluster(admin)
                .thenCompose(cluster -> folders(admin, cluster)
                        .thenCombine(topics, (folders, described) -> join(cluster, folders, described)));
    }

    static CompletableFuture<ClusterPicture> cluster(Admin admin) {
        DescribeClusterResult result = admin.describeCluster();
        return later(result.clusterId())
                .thenCombine(later(result.nodes()), (id, nodes) -> Map.entry(id == null ? "" : id, nodes))
                .thenCombine(later(result.controller()), (found, controller) -> {
                    List<Broker> brokers = found.getValue().stream()
                            .map(SurveyTaker::broker)
                            .sorted(Comparator.comparingInt(Broker::id))
                            .toList();
                    return new ClusterPicture(
                            found.getKey(),
                            controller == null || controller.isEmpty()
                                    ? OptionalInt.empty()
                                    : OptionalInt.of(controller.id()),
                            brokers);
                });
    }

    /** All topics, ordered by name. One that is deleted meanwhile is left out. */
    static CompletableFuture<List<Topic>> topics(Admin admin) {
        return later(admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names())
                .thenCompose(names -> {
                    Map<String, KafkaFuture<TopicDescription>> asked =
                            admin.describeTopics(names).topicNameValues();
                    List<CompletableFuture<Topic>> described = new ArrayList<>(asked.size());
                    asked.forEach((name, answer) ->
                            described.add(later(answer).<Topic>handle((description, failure) -> {
                                if (failure == null) {
                                    return Topic.of(description);
                                }
                                if (Failures.cause(failure) instanceof UnknownTopicOrPartitionException) {
                                    return null;
                                }
                                throw new java.util.concurrent.CompletionException(Failures.cause(failure));
                            })));
                    return CompletableFuture.allOf(described.toArray(CompletableFuture[]::new))
                            .thenApply(all -> described.stream()
                                    .map(CompletableFuture::join)
                                    .filter(topic -> topic != null)
                                    .sorted(Comparator.comparing(Topic::name))
                                    .toList());
                });
    }

    static <T> CompletableFuture<T> later(KafkaFuture<T> answer) {
        return answer.toCompletionStage().toCompletableFuture();
    }

    /** What one broker told, or why it did not. */
    private record Told(int broker, Map<String, LogDirDescription> folders, Throwable failure) {}

    private static CompletableFuture<List<Told>> folders(Admin admin, ClusterPicture cluster) {
        List<CompletableFuture<Told>> told = new ArrayList<>();
        admin.describeLogDirs(cluster.brokers().stream().map(Broker::id).toList())
                .descriptions()
                .forEach((broker, answer) -> told.add(later(answer)
                        .handle((folders, failure) ->
                                new Told(broker, folders == null ? Map.of() : folders, failure))));
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .thenApply(all -> told.stream().map(CompletableFuture::join).toList());
    }

    private Survey join(ClusterPicture cluster, List<Told> told, List<Topic> topics) {
        List<Wording> gaps = new ArrayList<>();
        List<LogFolder> folders = new ArrayList<>();
        Map<String, Long> bytes = new HashMap<>();
        for (Told broker : told) {
            if (broker.failure() != null) {
                gaps.add(Wording.of(
                        "gap.folders",
                        Integer.toString(broker.broker()),
                        String.valueOf(Failures.cause(broker.failure()).getMessage())));
            }
            broker.folders().forEach((path, folder) -> folders.add(folder(broker.broker(), path, folder, bytes)));
        }
        folders.sort(Comparator.comparingInt(LogFolder::broker).thenComparing(LogFolder::path));
        boolean sized = told.stream().anyMatch(broker -> broker.failure() == null);
        Set<Integer> brokers = cluster.brokers().stream().map(Broker::id).collect(Collectors.toSet());
        List<TopicSummary> summaries = topics.stream()
                .map(topic -> topic.summary()
                        .withBytes(sized ? bytes.getOrDefault(topic.name(), 0L) : -1)
                        .withSpread(Spread.of(List.of(topic), brokers).percents()))
                .toList();
        return new Survey(clock.instant(), cluster, List.copyOf(folders), loads(topics), summaries, List.copyOf(gaps));
    }

    private static LogFolder folder(int broker, String path, LogDirDescription folder, Map<String, Long> bytes) {
        long sum = 0;
        for (var replica : folder.replicaInfos().entrySet()) {
            long size = replica.getValue().size();
            sum += size;
            bytes.merge(replica.getKey().topic(), size, Long::sum);
        }
        return new LogFolder(
                broker,
                path,
                folder.totalBytes().orElse(-1),
                folder.usableBytes().orElse(-1),
                folder.replicaInfos().size(),
                sum,
                folder.error() == null ? "" : folder.error().getMessage());
    }

    private static Map<Integer, BrokerLoad> loads(List<Topic> topics) {
        Map<Integer, int[]> counts = new HashMap<>();
        for (Topic topic : topics) {
            for (Partition partition : topic.partitions()) {
                if (!partition.offline()) {
                    counts.computeIfAbsent(partition.leader(), id -> new int[3])[0]++;
                }
                for (int replica : partition.replicas()) {
                    int[] count = counts.computeIfAbsent(replica, id -> new int[3]);
                    count[1]++;
                    count[2] += partition.inSync().contains(replica) ? 0 : 1;
                }
            }
        }
        Map<Integer, BrokerLoad> loads = new TreeMap<>();
        counts.forEach((broker, count) -> loads.put(broker, new BrokerLoad(count[0], count[1], count[2])));
        return loads;
    }

    private static Broker broker(Node node) {
        return new Broker(node.id(), node.host(), node.port(), node.hasRack() ? node.rack() : "");
    }
}
