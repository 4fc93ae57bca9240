package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterPicture.Broker;
import io.ottla.console.clusters.Survey.Stage;
import io.ottla.console.words.Wording;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
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
    /** Not the thread of the Admin client, on which all other answers wait. */
    private static final Executor ASIDE =
            work -> Thread.ofVirtual().name("console-survey").start(work);

    private final AdminConnection connection;
    private final Disks disks;
    private final InstantSource clock;

    SurveyTaker(AdminConnection connection, Disks disks, InstantSource clock) {
        this.connection = connection;
        this.disks = disks;
        this.clock = clock;
    }

    Taking take() {
        Instant begun = clock.instant();
        Admin admin = connection.admin();
        CompletableFuture<Set<String>> names = names(admin);
        CompletableFuture<ClusterPicture> cluster = cluster(admin);
        CompletableFuture<List<BrokerDisks>> told = cluster.thenCompose(this::told);
        CompletableFuture<Survey> described = cluster.thenCombineAsync(topics(admin, names), this::described, ASIDE);
        return new Taking(begun, cluster, names, described, described.thenCombineAsync(told, this::withFolders, ASIDE));
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

    /** Of all topics, internal ones too. */
    static CompletableFuture<Set<String>> names(Admin admin) {
        return later(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    }

    /** All topics, ordered by name. One that is deleted meanwhile is left out. */
    static CompletableFuture<List<Topic>> topics(Admin admin) {
        return topics(admin, names(admin));
    }

    private static CompletableFuture<List<Topic>> topics(Admin admin, CompletableFuture<Set<String>> listed) {
        return listed.thenCompose(names -> {
            List<CompletableFuture<TopicDescription>> asked =
                    admin.describeTopics(names).topicNameValues().values().stream()
                            .map(SurveyTaker::later)
                            .toList();
            return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .handleAsync(
                            (all, anyFailure) -> asked.stream()
                                    .flatMap(answer -> described(answer).stream())
                                    .sorted(Comparator.comparing(Topic::name))
                                    .toList(),
                            ASIDE);
        });
    }

    private static Optional<Topic> described(CompletableFuture<TopicDescription> answer) {
        try {
            return Optional.of(Topic.of(answer.join()));
        } catch (CompletionException failure) {
            if (Failures.cause(failure) instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    static <T> CompletableFuture<T> later(KafkaFuture<T> answer) {
        return answer.toCompletionStage().toCompletableFuture();
    }

    private CompletableFuture<List<BrokerDisks>> told(ClusterPicture cluster) {
        List<CompletableFuture<BrokerDisks>> told = List.copyOf(
                disks.ask(cluster.brokers().stream().map(Broker::id).toList()).values());
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                .thenApply(all -> told.stream().map(CompletableFuture::join).toList());
    }

    private Survey described(ClusterPicture cluster, List<Topic> topics) {
        Set<Integer> brokers = cluster.brokers().stream().map(Broker::id).collect(Collectors.toSet());
        List<TopicSummary> summaries = topics.stream()
                .map(topic -> topic.summary()
                        .withSpread(Spread.of(List.of(topic), brokers).percents()))
                .toList();
        return new Survey(Stage.TOPICS, clock.instant(), cluster, List.of(), loads(topics), summaries, List.of());
    }

    private Survey withFolders(Survey described, List<BrokerDisks> told) {
        List<Wording> gaps = new ArrayList<>();
        List<LogFolder> folders = new ArrayList<>();
        Map<String, Long> bytes = new HashMap<>();
        for (BrokerDisks broker : told) {
            broker.failure()
                    .ifPresent(why ->
                            gaps.add(Wording.of("gap.folders", Integer.toString(broker.broker()), why.wording())));
            broker.folders().forEach((path, folder) -> folders.add(folder(broker.broker(), path, folder, bytes)));
        }
        folders.sort(Comparator.comparingInt(LogFolder::broker).thenComparing(LogFolder::path));
        boolean sized = told.stream().anyMatch(BrokerDisks::told);
        List<TopicSummary> topics = described.topics().stream()
                .map(topic -> topic.withBytes(sized ? bytes.getOrDefault(topic.name(), 0L) : -1))
                .toList();
        return new Survey(
                clock.instant(),
                described.cluster(),
                List.copyOf(folders),
                described.loads(),
                topics,
                List.copyOf(gaps));
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
